package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `quern` in a clone: how it finds a JDK and builds the jar. [LauncherLockIT] has what
/// may happen meanwhile.
class LauncherIT {
  /// What Maven says where it cannot get what it needs.
  private static final Pattern OFFLINE =
      Pattern.compile("(?i)could not (resolve|transfer)|offline mode|unknown host");

  /// How long a build may take on a busy machine.
  private static final Duration BUILD = Duration.ofMinutes(10);

  @TempDir Path directory;

  private Launcher launcher;

  @BeforeEach
  void here() throws Exception {
    launcher = Launcher.in(directory);
  }

  // ---- a JDK

  /// A `java` that is too old, as the first on the path.
  private void oldJava() throws Exception {
    Launcher.program(
        launcher.programs().resolve("java"), "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2\n");
  }

  @Test
  void without_a_jdk_that_will_do_it_says_what_it_found_and_what_it_needs() throws Exception {
    oldJava();
    launcher.jdk("21.0.4", "exit 9\n");
    Files.createDirectories(directory.resolve("jdks/none"));

    Ended ended = launcher.run(Map.of("QUERN_JDKS", directory + "/jdks/*"), "--version");

    ended.assertRefused(
        1,
        "quern: needs Java 25 or newer, found 17.0.15 in %s, 21.0.4 in %s: install a JDK 25, or set"
                .formatted(launcher.programs().getParent(), directory.resolve("jdks/21.0.4"))
            + " JAVA_HOME to one, or QUERN_JDKS to where");
  }

  @Test
  void where_there_is_no_java_at_all_it_says_so() throws Exception {
    Ended ended = launcher.run(Map.of("QUERN_JDKS", "/none", "PATH", "/none"), "--version");

    ended.assertRefused(1, "needs Java 25 or newer, found none: install a JDK 25");
  }

  @Test
  void a_jdk_is_taken_from_where_it_is_told() throws Exception {
    oldJava();
    Files.writeString(launcher.jar(), "a jar");
    launcher.jdk("21.0.4", "exit 9\n");
    Path jdk = launcher.jdk("25.0.1", "echo \"$0 got $*\"\n");

    Ended found = launcher.run(Map.of("QUERN_JDKS", "/none/*:" + directory + "/jdks/*"), "a b");
    Ended told = launcher.run(Map.of("QUERN_JDKS", "/none", "JAVA_HOME", jdk.toString()), "a b");

    String expected =
        "%s/bin/java got -Dquern.terminal= -Dorg.sqlite.lib.path=%s/native -jar %s a b\n"
            .formatted(jdk, launcher.target(), launcher.jar());
    assertEquals(expected, found.out(), found.err());
    assertEquals(expected, told.out(), told.err());
    assertEquals("", found.err() + told.err());
  }

  // ---- the jar

  @Test
  void in_a_clone_it_finds_a_jdk_and_builds_the_jar_once() throws Exception {
    Needs.that(Processes.exists("mvn", "-v"), "there is no Maven");
    copySources();
    oldJava();

    Ended built = build();
    Needs.that(!OFFLINE.matcher(built.err()).find(), "Maven is offline: " + built.err());

    assertEquals(0, built.exit(), built.err());
    assertEquals("building %s …\n".formatted(launcher.jar()), built.err());
    assertTrue(built.out().matches("quern \\S+ on Java (2[5-9]|[3-9]\\d)\\S*\n"), built.out());
    var time = Files.getLastModifiedTime(launcher.jar());

    Ended again = launcher.run(places(), "--version");

    assertEquals(built.out(), again.out());
    assertEquals("", again.err());
    assertEquals(time, Files.getLastModifiedTime(launcher.jar()));
  }

  private Ended build() throws Exception {
    List<String> words = launcher.words(places(), "--version");
    try (Running running = Running.start(directory, Map.of(), words)) {
      return running.end(BUILD);
    }
  }

  /// Copies what a clone would have, be it committed yet or not.
  private void copySources() throws Exception {
    String[] git = {"git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"};
    Ended listed = Processes.run(Processes.HOME, "", List.of(git));
    Needs.that(listed.exit() == 0, "git does not know the sources: " + listed.err());
    for (String name : listed.out().split("\0")) {
      Path file = Processes.HOME.resolve(name);
      Path copy = launcher.home().resolve(name);
      if (Files.isRegularFile(file)) {
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    launcher.home().resolve("quern").toFile().setExecutable(true);
  }

  /// Where a JDK is that the launcher would not find by itself.
  private static Map<String, String> places() {
    Path jdk = Path.of(System.getProperty("java.home"));
    return jdk.startsWith("/usr/lib/jvm") ? Map.of() : Map.of("QUERN_JDKS", jdk.toString());
  }
}
