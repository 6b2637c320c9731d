package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.quern.NewToken;
import dev.quern.Permission;
import dev.quern.Quern;
import dev.quern.http.QuernServer;
import dev.quern.http.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a server is found, what is shown to it, and what is said when it cannot be asked.
final class RemoteTest {
  @TempDir private Path directory;
  private Quern quern;
  private QuernServer server;
  private String token;
  private Shell shell;

  @BeforeEach
  void open() {
    quern = Quern.open(directory.resolve("quern.db"));
    token = quern.access().tokens().issue(NewToken.of("t", Permission.JOBS_READ)).text();
    server = QuernServer.start(quern, ServerConfig.DEFAULT.port(0).requireToken());
    shell = new Shell(directory.resolve("other.db")).with("QUERN_DB", "");
  }

  @AfterEach
  void close() {
    server.close();
    quern.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  private static void assertRefused(Shell.Ran ran, int exit, String... parts) {
    assertEquals(exit, ran.exit(), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertEquals("", ran.out());
    for (String part : parts) {
      assertTrue(ran.err().contains(part), ran.err());
    }
  }

  // ---- where it is, and the token

  @Test
  void a_token_comes_from_a_file_the_environment_or_the_command_line() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), token + "\n");

    shell.ok("stats", "--url", url(), "--token-file", file.toString());
    shell.ok("--url", url() + "//", "--token", token, "stats");
    shell.with("QUERN_URL", url()).with("QUERN_TOKEN", token).ok("stats");
  }

  @Test
  void what_is_typed_goes_before_what_the_environment_says() {
    shell.with("QUERN_URL", "http://127.0.0.1:1").with("QUERN_TOKEN", "wrong");

    shell.ok("stats", "--url", url(), "--token", token);
    assertRefused(
        shell.run("stats", "--db", directory.resolve("none.db").toString()),
        Exit.NOT_FOUND,
        "no database");
  }

  @ParameterizedTest
  @CsvSource({
    "jobs --url http://a --db b, either --db or --url",
    "jobs --token abc, name that with --url",
    "jobs --url http://a --token b --token-file c, either --token or --token-file",
    "jobs --url a.example:8080, is no URL",
    "jobs --url ftp://a, is no URL",
    "jobs --url http://u:p@a, is no URL",
    "jobs --url http://a?b, is no URL",
    "run --url http://a, takes no --url",
    "doctor --url http://a, takes no --url",
    "results --token-file x, takes no --token-file",
    "serve --token abc, takes no --token"
  })
  void what_makes_no_sense_is_refused(String line, String part) {
    assertRefused(shell.run(line.split(" ")), Exit.USAGE, part);
  }

  @Test
  void two_places_in_the_environment_are_one_too_many() {
    shell.with("QUERN_DB", "a.db").with("QUERN_URL", url());

    assertRefused(shell.run("jobs"), Exit.USAGE, "both set");
  }

  @Test
  void a_url_of_the_environment_does_not_keep_commands_from_a_database() {
    shell.with("QUERN_URL", url());

    assertRefused(
        shell.run("doctor", "--db", directory.resolve("none.db").toString()),
        Exit.NOT_FOUND,
        "no database");
  }

  // ---- what a server refuses

  @Test
  void without_a_token_or_with_a_wrong_one_a_line_says_how_to_name_one() {
    String wrong = "quern_wrong_0123456789abcdef";

    assertRefused(shell.run("jobs", "--url", url()), Exit.FAILED, url(), "--token-file");
    Shell.Ran ran = shell.run("jobs", "--url", url(), "--token", wrong);
    assertRefused(ran, Exit.FAILED, "--token-file", "quern token create");
    assertFalse(ran.err().contains(wrong), ran.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\u00e9", "secret word", "secret\u007f"})
  void what_can_be_no_token_is_refused_and_not_shown(String text) {
    Shell.Ran ran = shell.run("jobs", "--url", url(), "--token", text);

    assertRefused(ran, Exit.USAGE, "--token: this is no token");
    assertFalse(ran.err().contains("secret"), ran.err());
  }

  @Test
  void a_file_without_a_token_and_one_that_is_not_there_are_told() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");

    assertRefused(
        shell.run("jobs", "--url", url(), "--token-file", empty.toString()),
        Exit.USAGE,
        "empty: this is no token");
    assertRefused(
        shell.run("jobs", "--url", url(), "--token-file", "/nowhere/token"),
        Exit.FAILED,
        "/nowhere/token");
  }

  @Test
  void what_the_token_does_not_allow_is_told_as_the_server_says_it() {
    shell.with("QUERN_URL", url()).with("QUERN_TOKEN", token);

    assertRefused(
        shell.run("enqueue", "a"),
        Exit.FAILED,
        "quern: the token does not have the permission jobs:write\n");
    assertRefused(shell.run("token", "list"), Exit.FAILED, "admin");
  }

  @Test
  void a_cursor_that_is_none_is_refused() {
    shell.with("QUERN_URL", url()).with("QUERN_TOKEN", token);

    assertRefused(shell.run("jobs", "--cursor", "nonsense"), Exit.FAILED, "cursor");
  }

  // ---- no server, or another one

  @Test
  void a_server_that_is_not_there_is_told() {
    server.close();

    assertRefused(shell.run("enqueue", "a", "--url", url()), Exit.FAILED, "no server at " + url());
    assertRefused(
        shell.run("jobs", "--url", "http://nowhere.invalid"),
        Exit.FAILED,
        "no server at http://nowhere.invalid");
  }

  static Stream<String> foreign() {
    return Stream.of(
        "200 <html>hello</html>",
        "200 {}",
        "200 {\"data\":[{\"id\":1}],\"nextCursor\":null}",
        "200 [1]",
        "204 ",
        "301 moved",
        "404 <html>not here</html>",
        "404 {\"error\":\"not found\"}",
        "404 ",
        "500 {\"type\":\"about:blank\",\"title\":\"x\",\"detail\":\"y\"}");
  }

  @ParameterizedTest
  @MethodSource("foreign")
  void a_url_that_is_no_quern_is_told(String answer) throws IOException {
    int status = Integer.parseInt(answer.substring(0, 3));
    byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    other.start();
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort() + "/base";

      assertRefused(
          shell.run("jobs", "--url", url),
          Exit.NOT_FOUND,
          url + " does not answer as a Quern server does (status " + status + ")");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void a_connection_that_breaks_leaves_a_doubt_when_something_was_to_be_done() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext("/", exchange -> exchange.close());
    other.start();
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort();

      assertRefused(
          shell.run("enqueue", "a", "--url", url),
          Exit.FAILED,
          "it may have been done all the same");
      assertFalse(shell.run("jobs", "--url", url).err().contains("all the same"));
    } finally {
      other.stop(0);
    }
  }
}
