package dev.quern.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.Job;
import dev.quern.NewJob;
import dev.quern.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How a payload and the rest of what it needs reach a program.
class ProgramPayloadTest {
  @TempDir Path directory;
  ProgramEngine engine;

  @BeforeEach
  void open() {
    engine = new ProgramEngine(directory);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  static List<String> payloads() {
    return List.of(
        "",
        " ",
        "plain",
        "  spaces at both ends  ",
        "\ttabs\t",
        "'single' \"double\" `back` $HOME $(id) ${x} * ? [a] ~ # ; & | < > ( ) !",
        "back\\slash \\n \\\\ \\",
        "-n",
        "--",
        "-e \\c",
        "é ü Á \u0081 \u0088 ß",
        "emoji 😀 👩‍👩‍👧 汉字",
        "\u0001 \u007f \u001b[31m",
        "carriage\rreturn\r",
        "two\nlines",
        "\nleading and trailing\n",
        "\n",
        "\n\n\n",
        "x".repeat(128 << 10),
        "é".repeat(64 << 10),
        "line\n".repeat(1_000));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void the_first_argument_is_the_payload_byte_for_byte(String payload) {
    assertEquals(payload, engine.print("printf %s \"$1\"", payload));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void standard_input_is_the_payload_byte_for_byte(String payload) {
    assertEquals(payload, engine.print("cat", payload));
  }

  static List<String> commandTexts() {
    return payloads().stream().filter(text -> text.length() < 10_000).toList();
  }

  @ParameterizedTest
  @MethodSource("commandTexts")
  void a_command_arrives_byte_for_byte(String text) {
    String quoted = "'" + text.replace("'", "'\\''") + "'";

    assertEquals(text + "|p", engine.print("printf '%s|' " + quoted + "\nprintf %s \"$1\"", "p"));
  }

  @Test
  void every_character_arrives() {
    StringBuilder all = new StringBuilder();
    for (int c = 1; c < 0x3000; c++) {
      all.appendCodePoint(c);
    }

    assertEquals(all + "|" + all, engine.print("printf '%s|' \"$1\"; cat", all.toString()));
  }

  @Test
  void a_long_payload_is_read_while_output_is_written() {
    String payload = "0123456789".repeat(100_000);

    assertEquals(payload, engine.print("cat", payload));
  }

  @Test
  void a_program_need_not_read_its_input() {
    assertEquals("done", engine.print("exec <&-; printf done", "x".repeat(1_000_000)));
  }

  @Test
  void there_is_one_argument_and_the_shell_is_called_sh() {
    assertEquals("1 sh", engine.print("echo -n $# $0", "a b c"));
  }

  @Test
  void a_command_may_have_several_lines() {
    String command =
        """
        # a comment with an ' in it
        greet() {
          printf 'hallo %s' "$1"
        }
        greet "$1"; cat <<END
        , \\$1 is é
        END
        """;

    assertEquals("hallo Jo, $1 is é\n", engine.print(command, "Jo"));
  }

  @Test
  void text_is_the_form_unless_another_is_said() {
    engine.handle("text", Program.of("printf '%s ' \"$1\"; cat"));

    assertEquals("a\"b a\"b", text("text", "a\"b"));
    assertEquals("{\"a\":[1,\"b\"]} {\"a\":[1,\"b\"]}", text("text", Map.of("a", List.of(1, "b"))));
    assertEquals("7 7", text("text", 7));
  }

  @Test
  void in_the_form_of_json_a_string_keeps_its_quotes() {
    engine.handle("json", Program.of("printf '%s ' \"$1\"; cat").form(Program.Form.JSON));

    assertEquals("\"a\\\"b\" \"a\\\"b\"", text("json", "a\"b"));
  }

  @Test
  void json_text_with_line_ends_arrives_as_it_is() {
    engine.handle("json", Program.of("printf '%s' \"$1\"").form(Program.Form.JSON));
    long id = engine.quern.enqueue(NewJob.json("json", "{\n  \"a\": 1\n}\n")).id();

    assertEquals("{\n  \"a\": 1\n}\n", ProgramEngine.text(engine.await(id)));
  }

  private String text(String kind, Object payload) {
    return ProgramEngine.text(engine.await(engine.enqueue(kind, payload)));
  }

  @Test
  void the_environment_tells_of_the_job() {
    engine.handle("mail é", Program.of("env | grep ^QUERN_ | grep -v COOKIE | sort"));

    Job job = engine.await(engine.enqueue("mail é", "x"));

    String environment = ProgramEngine.text(job).replaceAll("[0-9a-f-]{36}", "UUID");
    assertEquals(
        """
        QUERN_ATTEMPT=1
        QUERN_FENCE=1
        QUERN_IDEMPOTENCY_KEY=UUID:%1$d:0
        QUERN_JOB_ID=%1$d
        QUERN_KIND=mail é
        """
            .formatted(job.id()),
        environment);
  }

  @Test
  void the_cookie_is_that_of_the_job_whatever_the_attempt() throws IOException {
    engine.handle("cookie", Program.of("echo $QUERN_COOKIE >> \"$1\"; test $QUERN_ATTEMPT = 3"));
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");

    engine.await(engine.enqueue("cookie", one.toString()));
    engine.await(engine.enqueue("cookie", other.toString()));

    String cookie = Files.readAllLines(one).getFirst();
    assertEquals(List.of(cookie, cookie, cookie), Files.readAllLines(one));
    assertFalse(Files.readAllLines(other).contains(cookie));
  }

  @Test
  void a_program_runs_where_it_is_told() throws Exception {
    Path where = Files.createDirectory(directory.resolve("somewhere"));

    assertEquals(
        where.toRealPath() + "\n",
        ProgramEngine.text(engine.run(Program.of("pwd -P").directory(where), "x")));
  }

  @Test
  void without_a_directory_a_program_runs_where_this_process_does() {
    assertEquals(Path.of("").toAbsolutePath() + "\n", engine.print("pwd", "x"));
  }
}
