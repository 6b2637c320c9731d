package dev.quern.it;

import dev.quern.it.Processes.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A copy of the script `quern` in a directory of its own, which has a space in its name, and
/// programs that only pretend.
///
/// @param directory for everything
record Launcher(Path directory) {

  /// Puts the script there.
  static Launcher in(Path directory) throws IOException {
    Launcher launcher = new Launcher(directory);
    Files.createDirectories(launcher.target());
    Files.copy(
        Processes.HOME.resolve("quern"),
        launcher.home().resolve("quern"),
        StandardCopyOption.COPY_ATTRIBUTES);
    return launcher;
  }

  Path home() {
    return directory.resolve("a home");
  }

  Path target() {
    return home().resolve("http/target");
  }

  Path jar() {
    return target().resolve("quern.jar");
  }

  Path lock() {
    return target().resolve("quern-build.lock");
  }

  /// Exists while the jar is built.
  Path start() {
    return target().resolve("quern-build.start");
  }

  /// A directory of programs that go before those of the system.
  Path programs() {
    return directory.resolve("programs/bin");
  }

  /// Makes a program.
  static void program(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script);
    if (!file.toFile().setExecutable(true, false)) {
      throw new IOException(file + " cannot be made executable");
    }
  }

  /// Makes a JDK.
  ///
  /// @param java what its `java` does
  Path jdk(String version, String java) throws IOException {
    Path jdk = directory.resolve("jdks").resolve(version);
    program(jdk.resolve("bin/java"), java);
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  /// The words that start it with these variables set and `JAVA_HOME` not.
  List<String> words(Map<String, String> variables, String... words) {
    List<String> all = new ArrayList<>(List.of("env", "-u", "JAVA_HOME", "-u", "QUERN_JDKS"));
    all.add("PATH=" + programs() + ":" + System.getenv("PATH"));
    variables.forEach((name, value) -> all.add(name + "=" + value));
    all.add(home().resolve("quern").toString());
    all.addAll(List.of(words));
    return all;
  }

  Ended run(Map<String, String> variables, String... words) throws Exception {
    return Processes.run(directory, "", words(variables, words));
  }
}
