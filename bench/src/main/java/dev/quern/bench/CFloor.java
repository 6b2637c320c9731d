package dev.quern.bench;

import dev.quern.Quern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The floor of floors: a C program on Quern's schema, without Java. Compiled when a compiler and
/// SQLite are there.
///
/// `-Dfloor.amalgamation=DIR` names a directory with `sqlite3.c` and `sqlite3.h` to build in, so
/// that its SQLite can be that of the driver; without it the system's library is used.
///
/// @param program the compiled program
/// @param sqlite the version of its SQLite
record CFloor(Path program, String sqlite) {
  /// Why there is none, and what to do.
  static final String MISSING =
      "the C program was not built: apt-get install -y gcc libsqlite3-dev";

  private static final String SOURCE = "floor.c";

  static Optional<CFloor> compile(Scratch scratch) throws IOException, InterruptedException {
    try {
      Path program = compiled(scratch.directory().resolve(SOURCE));
      return Optional.of(new CFloor(program, run(List.of(program.toString(), "version"))));
    } catch (IOException missing) {
      Progress.say(MISSING + " (" + missing.getMessage() + ")");
      return Optional.empty();
    }
  }

  /// SQLite takes a while to compile, so the program is kept beside the scratch directories, by the
  /// name of what it was made of.
  private static Path compiled(Path source) throws IOException, InterruptedException {
    byte[] text;
    try (InputStream in = CFloor.class.getResourceAsStream(SOURCE)) {
      text = in.readAllBytes();
    }
    int name = Objects.hash(Arrays.hashCode(text), System.getProperty("floor.amalgamation"));
    Path program = source.getParent().resolveSibling("floor-%08x".formatted(name));
    if (!Files.exists(program)) {
      Files.write(source, text);
      Path part = source.resolveSibling("floor");
      run(command(source, part));
      Files.move(part, program);
    }
    return program;
  }

  private static List<String> command(Path source, Path program) {
    List<String> command = new ArrayList<>(List.of("cc", "-O2", "-o", program.toString()));
    command.add(source.toString());
    Optional<String> amalgamation = Optional.ofNullable(System.getProperty("floor.amalgamation"));
    amalgamation.ifPresentOrElse(
        directory ->
            command.addAll(
                List.of("-I" + directory, directory + "/sqlite3.c", "-lpthread", "-ldl", "-lm")),
        () -> command.add("-lsqlite3"));
    return command;
  }

  /// Rows a second.
  double run(Path file, String work, String form, int batch, int rows)
      throws IOException, InterruptedException, SQLException {
    return Double.parseDouble(
        run(
            List.of(
                program.toString(),
                file.toString(),
                script(file),
                work,
                form,
                Integer.toString(batch),
                Integer.toString(rows))));
  }

  private static String script(Path file) throws SQLException {
    Quern.open(file).close();
    try (Connection connection = Pragmas.connect(file)) {
      return Pragmas.script(connection);
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes()).strip();
    if (process.waitFor() != 0) {
      throw new IOException(output.lines().findFirst().orElse(command + " failed"));
    }
    return output;
  }
}
