package dev.quern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quern.support.TestStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @TempDir private Path directory;

  @Test
  void opening_again_finds_everything_as_it_was() {
    var before = store.manual();
    before.kinds().policy("mail", policy -> policy.rank(3));
    before.kinds().pause("fax", "no paper");
    before.enqueueAll(List.of(MAIL.tags("red"), MAIL.delay(Duration.ofHours(1)), MAIL, MAIL));
    before.claim(ClaimRequest.of("mail")).getFirst().complete("\"sent\"", List.of());
    before
        .claim(ClaimRequest.of("mail"))
        .getFirst()
        .fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
    var jobs = before.jobs().list(JobFilter.ALL);
    var kinds = before.kinds().list();
    var counts = before.jobs().counts();
    before.close();

    var after = store.manual();

    assertEquals(jobs, after.jobs().list(JobFilter.ALL));
    assertEquals(kinds, after.kinds().list());
    assertEquals(counts, after.jobs().counts());
    assertEquals(1, after.claim(ClaimRequest.of("mail").limit(5)).size());
  }

  @Test
  void the_tables_of_the_application_are_left_alone() throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute("pragma user_version = 17");
      statement.execute("pragma application_id = 4711");
      statement.execute("create table orders (id integer primary key)");
      statement.execute("insert into orders values (42)");
    }

    store.manual().enqueue(MAIL);

    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      assertEquals(42, statement.executeQuery("select id from orders").getLong(1));
      assertEquals(17, statement.executeQuery("pragma user_version").getLong(1));
      assertEquals(4711, statement.executeQuery("pragma application_id").getLong(1));
      var others =
          statement.executeQuery(
              "select group_concat(name) from sqlite_schema where name not like 'quern@_%' escape"
                  + " '@' and name not like 'sqlite@_%' escape '@'");
      assertEquals("orders", others.getString(1));
    }
  }

  /// What goes wrong here goes wrong once in a hundred times.
  @RepeatedTest(30)
  void many_engines_may_open_and_close_a_new_file_at_the_same_time() throws Exception {
    Callable<Long> opening =
        () -> {
          try (var quern = Quern.open(store.file())) {
            return quern.enqueue(MAIL).id();
          }
        };
    try (var threads = Executors.newFixedThreadPool(8)) {
      var ids =
          threads.invokeAll(Stream.generate(() -> opening).limit(8).toList()).stream()
              .map(call -> call.resultNow())
              .distinct();

      assertEquals(8, ids.count());
    }
  }

  @Test
  void a_newer_schema_is_refused() throws SQLException {
    store.manual().close();
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute("update quern_meta set value = '999' where key = 'schema'");
    }

    var refusal = refused(store.file());

    assertTrue(refusal.contains("version 999"), refusal);
    assertTrue(refusal.endsWith("use a newer Quern"), refusal);
  }

  @Test
  void a_file_that_is_no_database_is_refused_and_left_as_it_is() throws IOException {
    var file = directory.resolve("notes.txt");
    Files.writeString(file, "Dear diary, ".repeat(1_000));
    var before = Files.readAllBytes(file);

    var refusal = refused(file);

    assertTrue(refusal.startsWith(file + " is not a usable SQLite database"), refusal);
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void an_empty_file_becomes_a_store() throws IOException {
    var file = Files.createFile(directory.resolve("empty.db"));

    try (var quern = Quern.manual(file, store.clock)) {
      assertTrue(quern.enqueue(MAIL).isNew());
    }
  }

  @Test
  void a_directory_that_is_missing_is_named() {
    var refusal = refused(directory.resolve("missing").resolve("app.db"));

    assertEquals(
        directory.resolve("missing") + " does not exist: create it, or name another file", refusal);
  }

  @Test
  void a_directory_is_no_file() {
    assertEquals(directory + " is a directory: name a file", refused(directory));
  }

  @Test
  void a_directory_that_cannot_be_written_is_refused() throws IOException {
    var readOnly =
        Files.createDirectory(
            directory.resolve("read-only"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    // Root may write everywhere but where the kernel keeps its own files.
    var forbidden = Files.isWritable(readOnly) ? Path.of("/proc") : readOnly;
    assumeTrue(
        Files.isDirectory(forbidden), "skipped: this user may write everywhere, and has no /proc");

    var refusal = refused(forbidden.resolve("app.db"));

    assertTrue(refusal.contains("cannot be written"), refusal);
  }

  @Test
  void a_damaged_database_is_refused_with_a_way_out() throws IOException {
    var file = directory.resolve("damaged.db");
    try (var quern = Quern.manual(file, store.clock)) {
      quern.enqueueAll(Stream.generate(() -> MAIL).limit(1_000).toList());
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(StandardCharsets.UTF_8.encode("rubbish".repeat(2_000)), 100);
    }

    var refusal = refused(file);

    assertTrue(refusal.contains("restore a backup"), refusal);
  }

  @Test
  void a_store_whose_clock_was_ahead_goes_on_from_there() {
    var quern = store.manual();
    store.clock.advance(Duration.ofHours(1));
    long first = quern.enqueue(MAIL).id();
    quern.close();
    store.clock.advance(Duration.ofHours(-1));

    var later = store.manual();
    long second = later.enqueue(MAIL).id();

    var jobs = later.jobs();
    assertFalse(
        jobs.get(second)
            .orElseThrow()
            .createdAt()
            .isBefore(jobs.get(first).orElseThrow().createdAt()));
  }

  @Test
  void a_backup_is_a_store_of_its_own() throws SQLException {
    var copy = directory.resolve("copy.db");
    var quern = store.open();
    quern.enqueueAll(Stream.generate(() -> MAIL).limit(500).toList());

    quern.backup(copy);

    quern.enqueue(MAIL);
    assertThrows(IllegalArgumentException.class, () -> quern.backup(copy));
    try (var restored = Quern.manual(copy, store.clock)) {
      assertEquals(500, restored.jobs().counts().of(JobState.READY));
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        var statement = connection.createStatement()) {
      assertEquals("ok", statement.executeQuery("pragma integrity_check").getString(1));
    }
  }

  /// The message of the refusal: one line, without a trace.
  private static String refused(Path file) {
    var refusal = assertThrows(StoreException.Unusable.class, () -> Quern.open(file)).getMessage();
    assertEquals(1, refusal.lines().count(), refusal);
    return refusal;
  }
}
