package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.it.Processes.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is wrong when Quern starts: one clear line that says what to do, an exit code that says
/// so too, no stack trace, and nothing lost. [BadDiskIT] and [BadInputIT] have more.
class StartIT {
  private static final int JOBS = 3;

  @TempDir Path directory;

  private Place place;

  @BeforeEach
  void here() {
    place = new Place(directory);
  }

  // ---- whose it is

  /// Runs `quern` as nobody.
  private Ended asNobody(String... words) throws Exception {
    Path jar = Files.copy(Processes.JAR, place.file("copy.jar"));
    Path scratch = Files.createDirectory(place.file("scratch"));
    permit(scratch, "rwxrwxrwx");
    permit(jar, "rw-r--r--");
    permit(directory, "rwxr-xr-x");
    List<String> all =
        new ArrayList<>(List.of(Processes.java(), "-Dorg.sqlite.tmpdir=" + scratch, "-jar"));
    all.add(jar.toString());
    all.addAll(List.of(words));
    return Processes.run(directory, "", Nobody.words(List.of(Processes.java(), "-version"), all));
  }

  private static void permit(Path path, String permissions) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void a_file_of_another_user_is_refused_and_left_alone() throws Exception {
    place.fill(JOBS);
    permit(place.database(), Nobody.isRoot() ? "rw-------" : "r--------");

    asNobody("enqueue", "a")
        .assertRefused(1, place.database() + " cannot be written", "directory are writable");

    permit(place.database(), "rw-------");
    place.assertWhole(JOBS);
  }

  @Test
  void a_directory_that_is_read_only_is_refused_and_left_alone() throws Exception {
    Path inside = Files.createDirectory(place.file("inside"));
    permit(inside, "r-xr-xr-x");

    asNobody("enqueue", "a", "--db", "inside/quern.db")
        .assertRefused(1, inside.resolve("quern.db") + " cannot be written");

    permit(inside, "rwxr-xr-x");
    assertFalse(Files.exists(inside.resolve("quern.db")));
  }

  // ---- what it is

  @Test
  void a_database_of_another_application_is_not_taken_for_a_queue() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + place.database());
        Statement statement = connection.createStatement()) {
      statement.execute("create table orders (id integer primary key)");
    }
    byte[] before = Files.readAllBytes(place.database());

    for (String command : List.of("stats", "jobs", "doctor")) {
      Ended ended = place.quern(command);
      assertEquals(1, ended.exit(), ended.err());
      assertTrue(
          (ended.out() + ended.err()).contains("there is no Quern store in " + place.database()),
          ended.out() + ended.err());
    }
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(place.database())));
  }

  @Test
  void what_is_no_regular_file_is_refused() throws Exception {
    place
        .quern("enqueue", "a", "--db", "/dev/null")
        .assertRefused(1, "/dev/null is no regular file", "name one");
  }

  // ---- what it is called

  @Test
  void a_name_of_any_characters_is_a_name() throws Exception {
    String name = "ä b's 100% #1?mode=ro&x=:memory:.db";

    Ended ended = place.quern("enqueue", "precious", "--db", name);

    assertEquals(0, ended.exit(), ended.err());
    assertEquals("", ended.err());
    assertTrue(Files.size(place.file(name)) > 0);
    assertEquals(1, Place.json(place.quern("jobs", "--json", "--db", name).out()).size());
  }

  @Test
  void a_name_that_is_too_long_is_refused_and_leaves_nothing() throws Exception {
    String name = "q".repeat(250);

    place.quern("enqueue", "a", "--db", name).assertRefused(1, "longer than 240 bytes", "shorter");

    assertFalse(Files.exists(place.file(name)));
  }

  @Test
  void a_symbolic_link_is_the_same_queue_while_both_names_are_in_use() throws Exception {
    place.fill(JOBS);
    Files.createSymbolicLink(place.file("link.db"), place.database());

    try (Running one = place.start(Place.numbers(1_000), "enqueue", "--stream", "stream");
        Running two =
            place.start(Place.numbers(1_000), "enqueue", "--stream", "stream", "--db", "link.db")) {
      assertEquals("1000 enqueued\n", one.end().out());
      assertEquals("1000 enqueued\n", two.end().out());
    }

    assertEquals(2_000, place.counts().of("stream", JobState.READY));
    place.assertWhole(JOBS);
  }

  // ---- what the system lacks

  @Test
  void a_system_without_a_library_of_sqlite_is_named() throws Exception {
    List<String> words =
        Processes.java(
            List.of("-Dos.arch=sparc", "-jar", Processes.JAR.toString()), "enqueue", "a");

    Processes.run(directory, "", words)
        .assertRefused(1, "native library cannot be loaded", "there is none for Linux on sparc");
  }

  /// Too few to open the database, enough to start Java; how many that is, and what fails for want
  /// of them, differs.
  @Test
  void too_few_open_files_are_refused_without_a_trace_or_enough() throws Exception {
    place.fill(JOBS);
    int refused = 0;
    for (int files = 7; files <= 15; files += 2) {
      Ended ended =
          Processes.run(
              directory,
              "",
              List.of(
                  "sh",
                  "-c",
                  "ulimit -n " + files + "; exec \"$@\"",
                  "sh",
                  Processes.java(),
                  "-jar",
                  Processes.JAR.toString(),
                  "stats"));
      if (ended.err().contains("quern: ")) {
        ended.assertRefused(1);
        refused++;
      }
    }
    System.out.println("StartIT: " + refused + " limits of open files refused by name");
    place.assertWhole(JOBS);
  }
}
