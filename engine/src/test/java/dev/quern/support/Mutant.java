package dev.quern.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/// The engine with a guard removed: a class of it, compiled from its source with one passage
/// replaced. A test of trust that still passes on it proves nothing.
///
/// The classes go ahead of the engine's on the class path of another process.
public final class Mutant {
  private static final Path SOURCES = Trust.HOME.resolve("engine/src/main/java/dev/quern");

  private Mutant() {}

  /// Compiles a changed class.
  ///
  /// @param directory where to; a new directory
  /// @param classPath the engine and its driver
  /// @param source the class, such as `store/Sqlite.java`
  /// @param guard the passage to replace, which must be there once
  /// @param instead what stands there instead
  /// @return the directory, to put first on the class path
  public static Path make(
      Path directory, String classPath, String source, String guard, String instead)
      throws IOException {
    String text = Files.readString(SOURCES.resolve(source));
    assertEquals(
        2,
        text.split(Pattern.quote(guard), -1).length,
        () -> "\"%s\" is not in %s once; look for the guard there".formatted(guard, source));
    Path changed = directory.resolve("source").resolve(Path.of(source).getFileName());
    Files.createDirectories(changed.getParent());
    Files.writeString(changed, text.replace(guard, instead));
    Path classes = Files.createDirectories(directory.resolve("classes"));
    compile(classes, classPath, changed);
    return classes;
  }

  private static void compile(Path classes, String classPath, Path source) {
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    List<String> words =
        new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString()));
    words.addAll(List.of("-cp", classPath, source.toString()));
    int exit =
        ToolProvider.findFirst("javac").orElseThrow().run(out, out, words.toArray(String[]::new));
    assertTrue(exit == 0, () -> said.toString(StandardCharsets.UTF_8));
  }
}
