package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of the jar when the script `quern` is stopped while it prepares a start, and when
/// two of them do so at once.
class LauncherLockIT {
  /// A `java` that does not come to an end while there is a file `hang`.
  private static final String JAVA =
      "[ ! -e hang ] || { : > hanging; exec sleep 100; }\nfor last; do :; done\necho \"ran $last\"\n";

  @TempDir Path directory;

  private Launcher launcher;
  private Map<String, String> variables;

  @BeforeEach
  void here() throws Exception {
    launcher = Launcher.in(directory);
    variables = Map.of("JAVA_HOME", launcher.jdk("25.0.1", JAVA).toString());
    Files.writeString(launcher.jar(), "a good jar");
  }

  // ---- stopped

  /// Stops the launcher while it makes the start quicker, by a signal to it and what it started.
  private Ended stopped(String signal) throws Exception {
    Path hang = Files.createFile(directory.resolve("hang"));
    try (Running running =
        Running.start(directory, Map.of(), launcher.words(variables, "command"))) {
      Processes.await("the rehearsal", () -> Files.exists(directory.resolve("hanging")));
      assertTrue(Files.exists(launcher.lock(), LinkOption.NOFOLLOW_LINKS));
      running.signalGroup(signal);
      return running.end();
    } finally {
      Files.delete(hang);
    }
  }

  private void assertGoesOn() throws Exception {
    Ended again = launcher.run(variables, "command");

    assertEquals("ran command\n", again.out(), again.err());
    assertEquals("a good jar", Files.readString(launcher.jar()));
    assertFalse(Files.exists(launcher.lock(), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void ctrl_c_while_the_start_is_made_quicker_leaves_the_jar() throws Exception {
    Ended ended = stopped("INT");

    assertEquals(130, ended.exit(), ended.err());
    assertEquals("a good jar", Files.readString(launcher.jar()));
    assertFalse(Files.exists(launcher.lock(), LinkOption.NOFOLLOW_LINKS));
    assertGoesOn();
  }

  @Test
  void a_kill_while_the_start_is_made_quicker_leaves_the_jar() throws Exception {
    stopped("KILL");

    assertTrue(Files.exists(launcher.lock(), LinkOption.NOFOLLOW_LINKS));
    assertGoesOn();
  }

  @Test
  void a_build_that_was_stopped_leaves_no_jar() throws Exception {
    Files.delete(launcher.jar());
    Path hanging = directory.resolve("hanging");
    Launcher.program(
        launcher.programs().resolve("mvn"),
        "echo half > http/target/quern.jar; : > '%s'; exec sleep 100\n".formatted(hanging));
    try (Running running =
        Running.start(directory, Map.of(), launcher.words(variables, "command"))) {
      Processes.await("the build", () -> Files.exists(hanging));
      running.signalGroup("TERM");

      assertEquals(143, running.end().exit());
    }
    assertFalse(Files.exists(launcher.jar()));
    assertFalse(Files.exists(launcher.start()));
  }

  @Test
  void what_a_killed_build_left_is_built_anew() throws Exception {
    lockFor(dead());
    Files.createFile(launcher.start());
    Files.writeString(launcher.jar(), "half");
    Launcher.program(
        launcher.programs().resolve("mvn"), "printf 'a good jar' > http/target/quern.jar\n");

    assertGoesOn();

    assertFalse(Files.exists(launcher.start()));
  }

  // ---- two at once

  private void lockFor(long pid) throws IOException {
    Files.createSymbolicLink(launcher.lock(), Path.of(Long.toString(pid)));
  }

  private static long dead() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    return process.pid();
  }

  /// A process that this user may not signal.
  private static long anothers() {
    return Nobody.isRoot() ? ProcessHandle.current().pid() : 1;
  }

  /// The wait of the launcher is what ends the other's work here.
  @Test
  void the_work_of_another_user_is_waited_for() throws Exception {
    lockFor(anothers());
    Path waited = launcher.target().resolve("waited");
    Launcher.program(
        launcher.programs().resolve("sleep"),
        ": > '%s'; rm '%s'\n".formatted(waited, launcher.lock()));
    permitAll(directory);
    permitAll(launcher.target());

    Ended ended =
        Processes.run(
            directory, "", Nobody.words(List.of("true"), launcher.words(variables, "command")));

    assertEquals("ran command\n", ended.out(), ended.err());
    assertTrue(Files.exists(waited), "it took the lock of a living process");
  }

  private static void permitAll(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }
}
