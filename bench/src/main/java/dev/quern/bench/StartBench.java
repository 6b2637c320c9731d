package dev.quern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From the start of the process to the first handler, with a warm file cache: `quern.jar run` with
/// a program that prints the time, the start of the shell and of `date` included; and a program
/// that uses the library.
final class StartBench implements Suite {
  /// The jar as users get it.
  static final Path JAR =
      Path.of(System.getProperty("start.jar", "http/target/quern.jar")).toAbsolutePath();

  private static final String TIME = "date +%s%N > started";

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    Rounds rounds =
        new Rounds(2, effort.pick(5, 10))
            .add("StartBench.library", Map.of(), () -> library(scratch));
    if (Files.exists(JAR)) {
      rounds.add("StartBench.jar", Map.of(), () -> jar(scratch));
    } else {
      Progress.say(JAR.getFileName() + " is missing: mvn -B package -DskipTests");
    }
    return rounds.run();
  }

  private static List<Reading> jar(Scratch scratch) throws Exception {
    Path directory = scratch.store().getParent();
    ProcessBuilder command =
        new ProcessBuilder(Fork.java(), "-jar", JAR.toString(), "run", "start", "--exec", TIME)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    long began = nanos(Instant.now());
    Process process = command.start();
    process.outputWriter().append("line\n").close();
    String output = finish(process);
    Path started = directory.resolve("started");
    if (!Files.exists(started)) {
      throw new IOException(output);
    }
    return reading(began, Files.readString(started));
  }

  private static List<Reading> library(Scratch scratch) throws Exception {
    long began = nanos(Instant.now());
    Process process = Fork.start(FirstHandler.class, List.of(), scratch.store().toString());
    return reading(began, finish(process));
  }

  private static String finish(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return output;
  }

  static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  private static List<Reading> reading(long began, String started) {
    return new ArrayList<>(
        List.of(new Reading("start", "s", (Long.parseLong(started.strip()) - began) / 1e9)));
  }
}
