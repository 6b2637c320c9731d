package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Quern;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quern work` in a process of its own, whose program tells through one pipe that it runs and
/// waits at another until it may end.
final class WorkSignalsTest {
  @TempDir private Path directory;
  private Shell shell;
  private Path begun;
  private Path end;
  private Process worker;

  @BeforeEach
  void startWorker() throws Exception {
    shell = new Shell(directory.resolve("quern.db"));
    begun = pipe("begun");
    end = pipe("end");
    shell.ok("enqueue", "slow");
    worker =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath(Main.class, Quern.class, Class.forName("org.sqlite.JDBC")),
                    "dev.quern.cli.Main",
                    "work",
                    "--db",
                    shell.db().toString(),
                    "--exec",
                    "slow=echo begun > %s; read line < %s; echo $line".formatted(begun, end)))
            .start();
    assertEquals("begun\n", read(begun).get(60, TimeUnit.SECONDS));
  }

  private static String classPath(Class<?>... types) throws URISyntaxException {
    StringJoiner path = new StringJoiner(File.pathSeparator);
    for (Class<?> type : types) {
      path.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return path.toString();
  }

  /// Nothing interrupts whoever waits for the other end of a pipe to be opened.
  private static CompletableFuture<String> read(Path pipe) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            text.complete(Files.readString(pipe));
          } catch (IOException e) {
            text.completeExceptionally(e);
          }
        });
    return text;
  }

  private Path pipe(String name) throws IOException, InterruptedException {
    Path pipe = directory.resolve(name);
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  @AfterEach
  void endWorker() throws InterruptedException {
    worker.destroyForcibly().waitFor();
  }

  @Test
  void the_first_signal_lets_running_programs_finish() throws Exception {
    BufferedReader messages = worker.errorReader();
    assertEquals("working on slow; Ctrl-C stops", messages.readLine());

    worker.toHandle().destroy();
    assertTrue(messages.readLine().startsWith("stopping when the running jobs have ended"));
    Files.writeString(end, "well\n");

    assertTrue(worker.waitFor(60, TimeUnit.SECONDS));
    assertEquals(Exit.TERMINATED, worker.exitValue());
    assertEquals("complete 1", messages.readLine());
    assertTrue(shell.ok("show", "1").out().contains("\"well\\n\""));
  }

  @Test
  void the_second_signal_stops_them_and_gives_their_jobs_back_uncharged() throws Exception {
    BufferedReader messages = worker.errorReader();
    messages.readLine();

    worker.toHandle().destroy();
    messages.readLine();
    worker.toHandle().destroy();

    assertTrue(worker.waitFor(60, TimeUnit.SECONDS));
    assertEquals(Exit.TERMINATED, worker.exitValue());
    assertEquals("hand_back 1", messages.readLine());
    assertEquals(List.of("ready", "0"), shell.ok("jobs").fields().subList(2, 4));
  }
}
