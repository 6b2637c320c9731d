package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is wrong with a database or its disk: one clear line that says what to do, an exit code
/// that says so too, no stack trace, and nothing lost.
class BadDiskIT {
  private static final int JOBS = 3;

  @TempDir Path directory;

  private Place place;

  @BeforeEach
  void here() {
    place = new Place(directory);
  }

  // ---- the database

  @Test
  void a_file_that_is_no_database_is_refused_and_left_alone() throws Exception {
    String content = "name,amount\n".repeat(500);
    Path file = place.put("quern.db", content);

    Ended ended = place.quern("enqueue", "a");

    ended.assertRefused(
        1, file + " is not a usable SQLite database", "name another file, or restore");
    assertEquals(content, Files.readString(file));
  }

  @Test
  void tables_of_a_newer_version_are_refused_and_left_alone() throws Exception {
    place.fill(JOBS);
    addToVersion(1_000);

    Ended ended = place.quern("enqueue", "a");

    ended.assertRefused(1, "tables are of version 1", "use a newer Quern");
    addToVersion(-1_000);
    place.assertWhole(JOBS);
  }

  private void addToVersion(int more) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place.database());
        PreparedStatement update =
            connection.prepareStatement(
                "update quern_meta set value = value + ? where key = 'schema'")) {
      update.setInt(1, more);
      assertEquals(1, update.executeUpdate());
    }
  }

  @Test
  void a_directory_that_cannot_be_written_is_refused() throws Exception {
    Ended ended = place.quern("enqueue", "a", "--db", "/proc/quern.db");

    ended.assertRefused(
        1, "/proc/quern.db cannot be written", "check that the file and its directory");
  }

  @Test
  void a_queue_on_a_read_only_disk_is_refused_and_whole() throws Exception {
    Sandbox sandbox = new Sandbox(place);

    sandbox.run(
        """
        small size=4m
        quern enqueue precious --db disk/quern.db
        mount -o remount,ro disk
        try refused quern enqueue precious --db disk/quern.db
        mount -o remount,rw disk
        try counted quern stats --json --db disk/quern.db
        """);

    sandbox
        .ended("refused")
        .assertRefused(
            1,
            "disk/quern.db cannot be written",
            "check that the file and its directory are writable");
    assertTrue(sandbox.ended("counted").out().contains("\"ready\":1,"));
  }

  @Test
  void a_directory_that_is_missing_is_named() throws Exception {
    Ended ended = place.quern("enqueue", "a", "--db", "there/quern.db");

    ended.assertRefused(1, directory.resolve("there") + " does not exist", "create it");
    assertFalse(Files.exists(place.file("there")));
  }

  @Test
  void a_directory_is_no_file() throws Exception {
    Ended ended = place.quern("enqueue", "a", "--db", directory.toString());

    ended.assertRefused(1, directory + " is a directory", "name a file");
  }

  // ---- the disk

  @Test
  void on_a_full_disk_a_stream_says_what_is_enqueued_and_goes_on_when_there_is_space()
      throws Exception {
    place.put("lines", Place.numbers(9_000));
    Sandbox sandbox = new Sandbox(place);

    sandbox.run(
        """
        small size=1m
        try full quern enqueue --stream precious --db disk/quern.db < lines
        try counted quern stats --json --db disk/quern.db
        mount -o remount,size=64m disk
        try again quern enqueue --stream precious --db disk/quern.db < lines
        try checked quern doctor --db disk/quern.db
        try listed quern stats --json --db disk/quern.db
        """);

    Ended full = sandbox.ended("full");
    full.assertRefused(1, "disk/quern.db is full", "free some space", "lines before it");
    int bad = Integer.parseInt(full.err().replaceAll("(?s).*line (\\d+):.*", "$1"));
    assertTrue(bad > 1, "some were acknowledged");
    assertTrue(sandbox.ended("counted").out().contains("\"ready\":" + (bad - 1) + ","));
    assertEquals("9000 enqueued\n", sandbox.ended("again").out());
    assertTrue(sandbox.ended("checked").out().contains("no problem found"));
    assertTrue(sandbox.ended("listed").out().contains("\"ready\":" + (bad - 1 + 9_000) + ","));
  }

  @Test
  void on_a_full_disk_a_run_stops_and_goes_on_when_there_is_space() throws Exception {
    place.put("lines", Place.numbers(300));
    Sandbox sandbox = new Sandbox(place);

    sandbox.run(
        """
        small size=1m
        run() {
          quern run wide --db disk/quern.db --jobs 2 --input lines \\
              --exec 'printf "%s %05000d\\n" "$1" 0'
        }
        try full run
        try kept quern results wide --db disk/quern.db
        mount -o remount,size=64m disk
        try again run
        try all quern results wide --db disk/quern.db
        """);

    Ended full = sandbox.ended("full");
    assertEquals(1, full.exit(), full.err());
    full.assertSays("disk/quern.db is full", "free some space");
    List<String> printed = full.out().lines().toList();
    List<String> kept = sandbox.ended("kept").out().lines().toList();
    assertFalse(printed.isEmpty());
    assertTrue(kept.containsAll(printed), "what was acknowledged is there");
    assertEquals(0, sandbox.ended("again").exit(), sandbox.ended("again").err());
    List<String> all = sandbox.ended("all").out().lines().toList();
    assertEquals(
        IntStream.rangeClosed(1, 300).mapToObj(i -> "%d %05000d".formatted(i, 0)).toList(), all);
    assertEquals(300 - kept.size(), sandbox.ended("again").out().lines().count());
  }

  @Test
  void a_temporary_directory_without_permission_to_execute_is_named() throws Exception {
    place.fill(JOBS);
    String words =
        "'%s' -Djava.io.tmpdir=disk -jar '%s' stats"
            .formatted(Processes.java(), Processes.JAR.toAbsolutePath());
    Sandbox sandbox = new Sandbox(place);

    sandbox.run("small size=4m,noexec\ntry refused " + words + "\n");

    sandbox
        .ended("refused")
        .assertRefused(1, "native library cannot be loaded", "noexec", "-Dorg.sqlite.tmpdir=DIR");
    place.assertWhole(JOBS);
  }
}
