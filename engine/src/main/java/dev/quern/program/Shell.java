package dev.quern.program;

import dev.quern.JobFailedException;
import dev.quern.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A shell that waits behind a gate: it runs its command when it is told the command, and ends
/// without a trace when its standard input ends before, as it does when this process dies.
///
/// Command and payload reach it through its standard input, because Java destroys what is not ASCII
/// in arguments and environments where the locale is. `read` takes byte by byte, so that the rest
/// of the input is there for the program.
final class Shell {
  /// All that is passed as an argument. Each text comes as the number of its lines and these lines.
  static final String SCRIPT =
      """
      trap '' INT QUIT
      quern_text() {
        read -r quern_lines && IFS= read -r quern_text || exit 75
        while [ "$quern_lines" -gt 1 ]; do
          IFS= read -r quern_line || exit 75
          quern_text=$quern_text'
      '$quern_line
          quern_lines=$((quern_lines - 1))
        done
      }
      quern_text
      QUERN_KIND=$quern_text
      export QUERN_KIND
      quern_text
      quern_command=$quern_text
      quern_text
      set -- "$quern_text"
      unset -f quern_text
      unset quern_text quern_line quern_lines
      eval "$quern_command"
      """;

  private static final int BUFFER = 16 << 10;

  /// Takes the bytes of a pipe.
  interface Sink {
    void take(byte[] bytes, int length);
  }

  private final Process process;
  private final ProcessId id;
  private final CountDownLatch readers = new CountDownLatch(2);
  private CompletableFuture<Void> silence;

  private Shell(Process process, ProcessId id) {
    this.process = process;
    this.id = id;
  }

  /// Starts a shell, which waits.
  ///
  /// @throws JobFailedException if the system refuses
  static Shell start(Program program, Map<String, String> environment, Processes processes) {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", SCRIPT, "sh");
    builder.environment().putAll(environment);
    program.directory().map(Path::toFile).ifPresent(builder::directory);
    try {
      Process process = builder.start();
      ProcessId gone = new ProcessId(process.pid(), "gone");
      return new Shell(process, processes.find(process.pid()).orElse(gone));
    } catch (IOException fault) {
      throw refused(program, fault);
    }
  }

  private static JobFailedException refused(Program program, IOException fault) {
    String why =
        program
            .directory()
            .filter(directory -> !Files.isDirectory(directory))
            .map(directory -> "the working directory " + directory + " does not exist")
            .orElseGet(() -> "sh cannot be started: " + fault.getMessage());
    return JobFailedException.retry("not_started", why);
  }

  /// The process of the shell, and of the command.
  ProcessId id() {
    return id;
  }

  /// Tells it the command.
  ///
  /// A process that has ended is drained by the JDK, in whatever time and memory that takes, unless
  /// somebody holds the monitors of its streams. So both are held before the command may begin.
  void open(Input input, Sink output, Sink errors, Threads threads) {
    Runnable feed = () -> feed(input);
    boolean inPassing = input.isShort();
    CompletableFuture<Void> read =
        threads.begin(() -> read(process.getInputStream(), output, inPassing ? feed : () -> {}));
    CompletableFuture<Void> readErrors =
        threads.begin(() -> read(process.getErrorStream(), errors, () -> {}));
    CompletableFuture<Void> fed = inPassing ? read : threads.begin(feed);
    silence = CompletableFuture.allOf(read, readErrors, fed);
  }

  private void feed(Input input) {
    try {
      readers.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("these threads are never interrupted", e);
    }
    input.writeTo(process.getOutputStream());
  }

  private void read(InputStream pipe, Sink sink, Runnable first) {
    synchronized (pipe) {
      readers.countDown();
      try {
        first.run();
        readAll(pipe, sink);
      } catch (RuntimeException | Error fault) {
        process.destroyForcibly();
        throw fault;
      }
    }
  }

  private static void readAll(InputStream pipe, Sink sink) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int n = pipe.read(buffer); n >= 0; n = pipe.read(buffer)) {
        sink.take(buffer, n);
      }
    } catch (IOException _) {
      // Closed: nothing more will come.
    }
  }

  /// Waits for the exit of the shell.
  ///
  /// @return the exit code; 128 and the number of the signal that it died of
  int exit() throws InterruptedException {
    return process.waitFor();
  }

  /// Waits until nobody holds the pipes any more.
  ///
  /// @return false if somebody still does
  boolean silent(Duration patience) throws InterruptedException {
    try {
      silence.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException fault) {
      throw new CompletionException(fault.getCause());
    }
  }

  /// Sends away a shell that still waits; one that has begun is not touched.
  void dismiss() {
    if (silence == null) {
      Input.NONE.writeTo(process.getOutputStream());
    }
  }
}
