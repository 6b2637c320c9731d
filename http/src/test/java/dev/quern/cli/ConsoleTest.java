package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConsoleTest {
  @TempDir private Path directory;

  /// A stream that cannot be written, like a pipe whose reader has gone or a full disk.
  private static OutputStream broken(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  private Shell shell() {
    Shell shell = new Shell(directory.resolve("quern.db"));
    shell.ok("enqueue", "a", "\"é€🙂\"");
    return shell;
  }

  @Test
  void text_goes_through_as_utf8() {
    assertTrue(shell().ok("jobs").out().contains("é€🙂"));
    assertTrue(shell().ok("jobs", "--json").out().contains("é€🙂"));
  }

  @Test
  void main_can_be_called_with_streams() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int exit = Main.run(new String[] {"version"}, InputStream.nullInputStream(), out, err);

    assertEquals(Exit.OK, exit);
    assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("quern "));
    assertArrayEquals(new byte[0], err.toByteArray());
  }

  @Test
  void a_reader_that_has_gone_ends_the_command_quietly() {
    Shell.Ran ran = shell().writingTo(broken("Broken pipe")).run("jobs");

    assertEquals(Exit.OK, ran.exit());
    assertEquals("", ran.err());
  }

  @Test
  void any_other_fault_of_standard_output_is_an_error() {
    Shell.Ran ran = shell().writingTo(broken("No space left on device")).run("jobs");

    assertEquals(Exit.FAILED, ran.exit());
    assertEquals("quern: cannot write to standard output: No space left on device\n", ran.err());
  }

  @Test
  void a_standard_error_that_has_gone_is_ignored() {
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new ByteArrayOutputStream(),
            broken("Broken pipe"),
            Map.of(),
            Terminal.NONE,
            InstantSource.system());

    assertEquals(Exit.USAGE, Main.run(List.of("frobnicate"), console));
  }

  @Test
  void only_a_terminal_gets_colours_and_not_against_its_wish() {
    assertFalse(Terminal.colour(Map.of("TERM", "xterm", "NO_COLOR", "1")));
    assertFalse(Terminal.colour(Map.of("TERM", "dumb")));
    assertFalse(Terminal.colour(Map.of()));
    assertTrue(Terminal.colour(Map.of("TERM", "xterm", "NO_COLOR", "")));
    assertFalse(shell().ok("jobs").out().contains("\u001b"));
    assertTrue(
        shell()
            .on(new Terminal(true, true, true, 80, true))
            .ok("jobs")
            .out()
            .contains("\u001b[1m"));
  }

  @Test
  void a_fault_is_one_line_and_has_a_trace_only_on_request() throws Exception {
    Path file = Files.writeString(directory.resolve("text.db"), "no database at all\n".repeat(999));
    Shell shell = new Shell(file);

    Shell.Ran ran = shell.run("jobs");
    Shell.Ran traced = shell.with("QUERN_DEBUG", "1").run("jobs");

    assertEquals(Exit.FAILED, ran.exit());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().startsWith("quern: " + file + " is not a usable SQLite database"));
    assertTrue(traced.err().contains("\tat dev.quern."), traced.err());
    assertEquals("no database at all\n".repeat(999), Files.readString(file));
  }

  @Test
  void places_where_no_database_can_be_are_refused_in_one_line() {
    Shell missing = new Shell(directory.resolve("missing/quern.db"));
    Shell itself = new Shell(directory);

    assertEquals(
        "quern: %s does not exist: create it, or name another file\n"
            .formatted(directory.resolve("missing")),
        missing.run("enqueue", "a").err());
    assertEquals(
        "quern: %s is a directory: name a file\n".formatted(directory),
        itself.run("enqueue", "a").err());
  }

  @Test
  void arguments_are_read_from_the_bytes_of_the_command_line() {
    byte[] bytes = "java\0-jar\0\0é€\0".getBytes(StandardCharsets.UTF_8);

    assertEquals(List.of("java", "-jar", "", "é€"), Typed.split(bytes));
    assertEquals(List.of("plain"), Typed.of(new String[] {"plain"}));
  }
}
