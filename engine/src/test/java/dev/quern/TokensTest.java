package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokensTest {
  private static final NewToken READER = NewToken.of("reader", Permission.JOBS_READ);

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_token_is_known_by_its_text_and_no_other() {
    var tokens = store.manual().access().tokens();
    var issued = tokens.issue(READER);
    var other = tokens.issue(READER);
    assertTrue(issued.text().matches("quern_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}"), "its form");

    assertEquals(Optional.of(issued.token().id()), tokens.check(issued.text()).map(Token::id));
    for (int i = 0; i < issued.text().length(); i++) {
      char wrong = issued.text().charAt(i) == 'x' ? 'y' : 'x';
      var text = issued.text().substring(0, i) + wrong + issued.text().substring(i + 1);
      assertEquals(Optional.empty(), tokens.check(text));
    }
    for (String text : List.of("", "quern_", issued.text() + "a", issued.text() + "\n", "ä")) {
      assertEquals(Optional.empty(), tokens.check(text));
    }
    assertFalse(issued.text().equals(other.text()));
  }

  @Test
  void a_text_with_a_good_checksum_and_another_secret_is_refused() throws Exception {
    var tokens = store.manual().access().tokens();
    var issued = tokens.issue(READER);
    var parts = issued.text().split("_");
    var secret = "A".repeat(43);
    var forged = "quern_" + parts[1] + "_" + secret;
    var unknown = "quern_" + "A".repeat(12) + "_" + secret;

    assertEquals(Optional.empty(), tokens.check(forged + checksum(forged)));
    assertEquals(Optional.empty(), tokens.check(unknown + checksum(unknown)));
    assertEquals(issued.text().substring(62), checksum(issued.text().substring(0, 62)));
  }

  private static String checksum(String text) {
    var crc = new java.util.zip.CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    var digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    var sum = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < 6; i++, rest /= 62) {
      sum.insert(0, digits.charAt((int) (rest % 62)));
    }
    return sum.toString();
  }

  @Test
  void the_store_has_no_secret_and_nothing_that_is_printed_shows_one() throws Exception {
    var quern = store.manual();
    var issued = quern.access().tokens().issue(READER);
    var secret = issued.text().substring(19, 62);
    quern.access().tokens().check(issued.text());

    assertFalse(issued.toString().contains(secret));
    assertFalse(quern.access().tokens().list().toString().contains(secret));
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute("pragma wal_checkpoint(truncate)");
    }
    try (var files = Files.list(store.file().getParent())) {
      for (Path file : files.toList()) {
        assertFalse(
            Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret), file + "");
      }
    }
  }

  @Test
  void a_token_is_refused_from_its_expiry_on() {
    var tokens = store.manual().access().tokens();
    var issued = tokens.issue(READER.expiresAt(store.clock.instant().plus(Duration.ofHours(1))));

    store.clock.advance(Duration.ofHours(1).minusMillis(1));
    assertTrue(tokens.check(issued.text()).isPresent());
    store.clock.advance(Duration.ofMillis(1));
    assertEquals(Optional.empty(), tokens.check(issued.text()));
  }

  @Test
  void a_revoked_token_is_refused_here_at_once_and_elsewhere_within_a_second() {
    var here = store.manual().access().tokens();
    var there = store.manual().access().tokens();
    var issued = here.issue(READER);
    assertTrue(here.check(issued.text()).isPresent());
    assertTrue(there.check(issued.text()).isPresent());

    assertTrue(here.revoke(issued.token().id()));
    assertFalse(here.revoke(issued.token().id()));
    assertFalse(here.revoke("nobody"));
    assertEquals(Optional.empty(), here.check(issued.text()));
    store.clock.advance(Duration.ofSeconds(1));
    assertEquals(Optional.empty(), there.check(issued.text()));
    assertEquals(
        Optional.of(store.clock.instant().minusSeconds(1)),
        here.get(issued.token().id()).orElseThrow().revokedAt());
  }

  @Test
  void the_last_use_is_written_once_a_minute_at_most() throws Exception {
    var quern = store.manual();
    var tokens = quern.access().tokens();
    var issued = tokens.issue(READER);
    assertEquals(Optional.empty(), issued.token().usedAt());
    var first = store.clock.instant();
    try (var witness = store.connect();
        var statement = witness.createStatement()) {
      tokens.check(issued.text());
      long version = version(statement);
      for (int i = 0; i < 59; i++) {
        store.clock.advance(Duration.ofSeconds(1));
        tokens.check(issued.text());
      }
      assertEquals(version, version(statement));
    }
    assertEquals(Optional.of(first), tokens.get(issued.token().id()).orElseThrow().usedAt());

    store.clock.advance(Duration.ofSeconds(1));
    tokens.check(issued.text());
    assertEquals(
        Optional.of(store.clock.instant()), tokens.get(issued.token().id()).orElseThrow().usedAt());
  }

  private static long version(java.sql.Statement statement) throws Exception {
    try (var rows = statement.executeQuery("pragma data_version")) {
      return rows.getLong(1);
    }
  }

  @Test
  void a_token_of_a_tenant_says_so_and_one_of_an_unknown_tenant_is_not_issued() {
    var quern = store.manual();
    var tokens = quern.access().tokens();
    var access =
        NewToken.of("worker", Permission.WORKER, Permission.ARTIFACTS_WRITE).tenant("acme");
    assertThrows(IllegalArgumentException.class, () -> tokens.issue(access));
    assertEquals(List.of(), tokens.list());

    quern.access().tenants().create("acme", policy -> policy);
    var token = tokens.check(tokens.issue(access).text()).orElseThrow();

    assertEquals(Optional.of("acme"), token.tenant());
    assertTrue(token.may(Permission.WORKER) && token.may(Permission.ARTIFACTS_WRITE));
    assertFalse(token.may(Permission.JOBS_READ) || token.may(Permission.ADMIN));
    assertEquals(List.of(token.id()), tokens.list().stream().map(Token::id).toList());
  }

  @Test
  void an_administrator_may_everything_and_nobody_may_nothing() {
    var tokens = store.manual().access().tokens();
    var admin = tokens.issue(NewToken.of("admin", Permission.ADMIN)).token();
    for (Permission permission : Permission.values()) {
      assertTrue(admin.may(permission));
      assertEquals(permission, Permission.of(permission.label()));
    }
    assertThrows(IllegalArgumentException.class, () -> NewToken.of("useless"));
    assertThrows(IllegalArgumentException.class, () -> NewToken.of("", Permission.ADMIN));
    assertThrows(IllegalArgumentException.class, () -> Permission.of("root"));
  }

  @Test
  void random_texts_are_refused_whatever_they_look_like() {
    var tokens = store.manual().access().tokens();
    var random = new Random(7);
    var ids = new HashSet<String>();
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder("quern_");
      for (int c = random.nextInt(70); c > 0; c--) {
        text.append((char) random.nextInt(i % 2 == 0 ? 128 : 0x2000));
      }
      assertEquals(Optional.empty(), tokens.check(text.toString()));
    }
    for (int i = 0; i < 50; i++) {
      ids.add(tokens.issue(READER).token().id());
    }
    assertEquals(50, ids.size());
  }
}
