package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.NewJob;
import dev.quern.Permission;
import dev.quern.Quern;
import dev.quern.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `quern token` and `quern tenant` on a database.
final class AccessCommandsTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(directory.resolve("quern.db"));
  }

  private Optional<Token> check(String token) {
    try (Quern quern = Quern.open(shell.db())) {
      return quern.access().tokens().check(token);
    }
  }

  private String created(String... words) {
    return shell.ok(words).out().strip();
  }

  // ---- tokens

  @Test
  void a_token_stands_alone_on_standard_output_and_is_good() {
    Shell.Ran ran = shell.ok("token", "create", "web", "--permissions", "jobs:read,worker");

    assertEquals(1, ran.lines().size());
    Token token = check(ran.lines().getFirst()).orElseThrow();
    assertEquals("web", token.name());
    assertEquals(Set.of(Permission.JOBS_READ, Permission.WORKER), token.permissions());
    assertEquals(Optional.empty(), token.expiresAt());
    assertEquals(
        "token " + token.id() + " is made; it is not shown again, so keep it\n", ran.err());
  }

  @Test
  void in_json_a_token_has_its_text_this_once() {
    String made = created("token", "create", "web", "--permissions", "admin", "--json");
    String listed = shell.ok("token", "list", "--json").out();

    assertTrue(made.startsWith("{\"token\":\"quern_"), made);
    assertTrue(listed.startsWith("[{\"id\":\""), listed);
    assertFalse(listed.contains("quern_"), listed);
  }

  @Test
  void a_list_of_tokens_says_which_are_good() {
    created("token", "create", "a", "--permissions", "worker,jobs:write");
    String id = shell.ok("token", "list").fields().getFirst();
    assertEquals(
        id + "\ta\tjobs:write,worker\tall\tnever\tgood\n", shell.ok("token", "list").out());

    shell.ok("token", "revoke", id);
    created("token", "create", "b", "--permissions", "admin", "--expires", "1ms");
    created("token", "create", "c", "--permissions", "admin", "--expires", "1d");

    String list = shell.ok("token", "list").out();
    assertTrue(list.contains("\tnever\trevoked, 2"), list);
    assertTrue(list.contains("\tnever\texpired, 2"), list);
    assertTrue(list.contains("\tnever\tgood, expires 2"), list);
  }

  @Test
  void a_revoked_token_is_refused() {
    String token = created("token", "create", "a", "--permissions", "worker");
    String id = shell.ok("token", "list").fields().getFirst();

    assertEquals("token " + id + " is revoked\n", shell.ok("token", "revoke", id).out());
    assertEquals(Optional.empty(), check(token));
  }

  @Test
  void a_token_is_not_taken_for_its_id_nor_shown() {
    String token = created("token", "create", "a", "--permissions", "worker");

    Shell.Ran ran = shell.run("token", "revoke", token);

    assertEquals(Exit.USAGE, ran.exit());
    assertFalse(ran.err().contains(token), ran.err());
  }

  @Test
  void a_token_without_permissions_or_with_unknown_ones_is_refused_and_no_database_made() {
    Shell.Ran none = shell.run("token", "create", "a");
    Shell.Ran wrong = shell.run("token", "create", "a", "--permissions", "jobs:raed");

    assertEquals(Exit.USAGE, none.exit());
    assertTrue(none.err().contains("--permissions"), none.err());
    assertEquals(
        "quern: --permissions: no permission jobs:raed: did you mean jobs:read?\n", wrong.err());
    assertFalse(Files.exists(shell.db()));
  }

  @Test
  void a_token_for_a_tenant_that_is_not_there_is_refused() {
    Shell.Ran ran =
        shell.run("token", "create", "a", "--permissions", "worker", "--tenant", "nobody");

    assertEquals(Exit.FAILED, ran.exit());
    assertTrue(ran.err().contains("there is no tenant \"nobody\""), ran.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"token list", "token revoke a", "tenant list", "tenant show a", "tenant resume a"})
  void whoever_only_looks_makes_no_database(String line) {
    Shell.Ran ran = shell.run(line.split(" "));

    assertEquals(Exit.NOT_FOUND, ran.exit());
    assertTrue(ran.err().startsWith("quern: no database "), ran.err());
    assertFalse(Files.exists(shell.db()));
  }

  @Test
  void an_unknown_token_is_not_found() {
    created("token", "create", "a", "--permissions", "worker");

    Shell.Ran ran = shell.run("token", "revoke", "nobody");

    assertEquals(Exit.NOT_FOUND, ran.exit());
    assertEquals("quern: no token nobody: 'quern token list' lists their ids\n", ran.err());
  }

  // ---- tenants

  @Test
  void a_tenant_is_created_and_shown_with_what_it_uses() {
    shell.ok("tenant", "create", "acme", "--name", "Acme Ltd", "--live-jobs", "5");
    try (Quern quern = Quern.open(shell.db())) {
      quern.tenant("acme").enqueue(NewJob.json("a", "[12]"));
    }

    String shown = shell.ok("tenant", "show", "acme").out();

    assertTrue(shown.startsWith("tenant acme\n  name           Acme Ltd\n"), shown);
    assertTrue(shown.contains("  live jobs      1 of 5\n  payload bytes  4\n"), shown);
    assertTrue(
        shell.ok("tenant", "show", "acme", "--json").out().contains("\"usage\":{\"liveJobs\":1,"));
  }

  @Test
  void a_tenant_is_suspended_and_goes_on() {
    shell.ok("tenant", "create", "acme");

    assertEquals("tenant acme is suspended\n", shell.ok("tenant", "suspend", "acme").out());
    assertTrue(shell.ok("tenant", "list").out().contains("\tsuspended, 2"));
    assertTrue(shell.ok("tenant", "show", "acme").out().contains("  suspended      2"));
    assertEquals("tenant acme goes on\n", shell.ok("tenant", "resume", "acme").out());
    assertTrue(shell.ok("tenant", "list").out().endsWith("\topen\n"));
  }

  @Test
  void a_second_tenant_of_an_id_is_a_conflict() {
    shell.ok("tenant", "create", "acme");

    Shell.Ran ran = shell.run("tenant", "create", "acme");

    assertEquals(Exit.CONFLICT, ran.exit());
    assertEquals("quern: there is a tenant acme already\n", ran.err());
  }

  @Test
  void a_quota_that_is_none_is_refused() {
    assertEquals(Exit.USAGE, shell.run("tenant", "create", "a", "--live-jobs", "-1").exit());
    assertEquals(Exit.USAGE, shell.run("tenant", "create", "a", "--payload-bytes", "1k").exit());
    assertFalse(Files.exists(shell.db()));
  }

  // ---- their words

  @Test
  void a_word_alone_names_those_that_may_follow() {
    Shell.Ran ran = shell.run("token");

    assertEquals(Exit.USAGE, ran.exit());
    assertEquals("quern: quern token needs one more word: create, list, revoke\n", ran.err());
  }

  @Test
  void a_mistyped_second_word_gets_the_nearest() {
    assertEquals(
        "quern: unknown command tenant supend: did you mean tenant suspend?\n",
        shell.run("tenant", "supend", "a").err());
  }

  @Test
  void the_help_of_a_word_lists_its_commands() {
    String help = shell.ok("tenant", "--help").out();

    assertTrue(help.contains("  tenant suspend  "), help);
    assertEquals(help, shell.ok("help", "tenant").out());
    assertEquals(
        shell.ok("help", "tenant", "--json").out(), shell.ok("tenant", "--help", "--json").out());
    assertEquals(
        shell.ok("help", "tenant", "show").out(), shell.ok("tenant", "show", "--help").out());
  }

  @Test
  void options_may_stand_between_the_words() {
    shell.ok("tenant", "create", "acme");

    assertTrue(shell.ok("tenant", "--json", "list").out().startsWith("[{\"id\":\"acme\""));
  }
}
