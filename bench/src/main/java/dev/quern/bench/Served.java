package dev.quern.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, at a free port of this machine.
record Served(Process process, int port) implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  /// `quern.jar serve` on a file, as users start it.
  ///
  /// @param flags of its JVM, such as `-Xmx256m`
  static Served quern(Path file, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>(List.of(Fork.java()));
    command.addAll(flags);
    command.addAll(List.of("-jar", StartBench.JAR.toString(), "serve", "--json"));
    command.addAll(List.of("--db", file.toString(), "--listen", "127.0.0.1:0"));
    return at(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start(),
        "\"url\":\"");
  }

  /// The JDK's server alone, which answers a constant.
  static Served bare() throws IOException {
    return at(Fork.start(BareServer.class, BareServer.FLAGS), "");
  }

  /// Reads the address that a server prints when it listens.
  private static Served at(Process process, String before) throws IOException {
    String line = process.inputReader().readLine();
    if (line == null) {
      throw new IOException("the server did not start");
    }
    String url = line.substring(line.indexOf(before) + before.length()).split("\"")[0];
    return new Served(process, URI.create(url).getPort());
  }

  /// The most memory that it had in main memory so far, by the kernel's count, in bytes.
  long peakBytes() throws IOException {
    return bytes("VmHWM:");
  }

  /// The memory that it has in main memory now.
  long residentBytes() throws IOException {
    return bytes("VmRSS:");
  }

  private long bytes(String name) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1_024)
        .findFirst()
        .orElseThrow();
  }

  /// Stops it, by force if it takes long.
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
