package dev.quern.it;

import dev.quern.it.Processes.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A process at work, whose output goes to files.
public final class Running implements AutoCloseable {
  /// `setsid` gives it a group of its own, as a shell does; Maven may run where INT is ignored.
  private static final List<String> FOREGROUND =
      List.of("setsid", "env", "--default-signal=INT,QUIT,TERM");

  private final List<String> words;
  private final Process process;
  private final Path out;
  private final Path err;

  private Running(List<String> words, Process process, Path out, Path err) {
    this.words = words;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// Starts a process as a shell does that has a terminal.
  public static Running start(Path directory, Map<String, String> environment, List<String> words)
      throws IOException {
    List<String> all = new ArrayList<>(FOREGROUND);
    all.addAll(words);
    Path out = Files.createTempFile("quern-it-", ".out");
    Path err = Files.createTempFile("quern-it-", ".err");
    ProcessBuilder builder = new ProcessBuilder(all).directory(directory.toFile());
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    return new Running(words, builder.start(), out, err);
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  // ---- input

  /// Gives it all its input, in the background.
  public void feed(byte[] input) {
    Thread.startVirtualThread(() -> {
      write(input);
      closeInput();
    });
  }

  /// Gives it some of its input.
  public void write(byte[] input) {
    try {
      process.getOutputStream().write(input);
      process.getOutputStream().flush();
    } catch (IOException _) {
      // A process need not read its input.
    }
  }

  public void write(String input) {
    write(input.getBytes(StandardCharsets.UTF_8));
  }

  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // It is gone.
    }
  }

  // ---- what it has printed

  public String out() {
    return Processes.text(out);
  }

  public String err() {
    return Processes.text(err);
  }

  public void awaitErr(String text) throws InterruptedException {
    Processes.await(words + " to say " + text, () -> err().contains(text) || !alive());
  }

  // ---- the end

  /// Sends a signal, such as `TERM`.
  public void signal(String name) throws IOException {
    signal(name, Long.toString(pid()));
  }

  /// Sends a signal to it and to all that it has started, as a terminal does.
  public void signalGroup(String name) throws IOException {
    signal(name, "-" + pid());
  }

  private static void signal(String name, String target) throws IOException {
    new ProcessBuilder("sh", "-c", "kill -s " + name + " -- " + target)
        .redirectErrorStream(true)
        .start()
        .onExit()
        .join();
  }

  /// Kills it and leaves alone what it has started.
  public void kill() {
    process.destroyForcibly();
  }

  /// Waits for its end.
  public Ended end() throws Exception {
    return end(Processes.PATIENCE);
  }

  /// Waits for its end, which may take longer than others.
  public Ended end(Duration patience) throws Exception {
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(words + " did not end; it printed: " + err());
    }
    return new Ended(process.exitValue(), Files.readAllBytes(out), err());
  }

  /// Kills what is left of it.
  @Override
  public void close() throws IOException {
    signalGroup("KILL");
    Files.deleteIfExists(out);
    Files.deleteIfExists(err);
  }
}
