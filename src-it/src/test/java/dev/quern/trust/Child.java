package dev.quern.trust;

import dev.quern.it.Processes;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Applications of these tests in processes of their own, with the engine as it is packed or with a
/// [Mutant] of it.
///
/// @param directory where they run and where mutants are compiled
record Child(Path directory) {

  /// An engine with one passage replaced.
  Optional<Path> mutant(String source, String guard, String instead) throws IOException {
    Path classes = Files.createTempDirectory(directory, "mutant");
    return Optional.of(Mutant.make(classes, Processes.JAR.toString(), source, guard, instead));
  }

  /// Runs an application to its end.
  Processes.Ended run(
      Optional<Path> mutant, Class<?> main, List<String> words, Map<String, String> environment)
      throws Exception {
    String classPath =
        Stream.of(
                mutant,
                Optional.of(Processes.JAR),
                Optional.of(of(main)),
                Optional.of(of(Trust.class)))
            .flatMap(Optional::stream)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> way =
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dtrust=" + System.getProperty("trust", ""),
            "-cp",
            classPath);
    List<String> all = new ArrayList<>(Processes.java(way, main.getName()));
    all.addAll(words);
    return Processes.run(directory, environment, new byte[0], all);
  }

  /// The words that start a class.
  ///
  /// @param scratch where SQLite's library is unpacked
  /// @param mutants classes to use instead of the engine's
  static List<String> java(
      Path scratch, List<Path> mutants, Class<?> main, List<String> options, String... arguments) {
    List<String> way =
        new ArrayList<>(
            List.of("--enable-native-access=ALL-UNNAMED", "-Dorg.sqlite.tmpdir=" + scratch));
    way.addAll(options);
    way.addAll(List.of("-cp", classPath(mutants), main.getName()));
    return Processes.java(way, arguments);
  }

  /// The words that start a class on the engine as it is.
  static List<String> java(Path scratch, Class<?> main, String... arguments) {
    return java(scratch, List.of(), main, List.of(), arguments);
  }

  private static String classPath(List<Path> mutants) {
    return Stream.of(
            mutants.stream(),
            Stream.of(Processes.JAR.toAbsolutePath(), of(Child.class), of(Trust.class)))
        .flatMap(paths -> paths)
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path of(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
