package dev.quern.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.Backoff;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.LogLine;
import dev.quern.NewJob;
import dev.quern.Program;
import dev.quern.ProgramOutput;
import dev.quern.Quern;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A real engine on a temporary file, of which each kind is a program.
final class ProgramEngine implements AutoCloseable {
  /// Longer than any program here takes; a test that waits so long has failed.
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final Path file;
  final Quern quern;

  ProgramEngine(Path directory) {
    file = directory.resolve("jobs.db");
    quern = Quern.open(file);
    quern.start();
  }

  /// Handles a kind by a program that is tried again at once.
  void handle(String kind, Program program) {
    quern
        .kinds()
        .policy(
            kind,
            policy ->
                policy.backoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), false)));
    quern.programs().handle(kind, program);
  }

  long enqueue(String kind, Object payload) {
    return quern.enqueue(NewJob.of(kind, payload)).id();
  }

  Job await(long id) {
    return quern.jobs().await(id, PATIENCE).orElseThrow();
  }

  /// The end of one job whose only attempt is this program.
  Job run(String command, Object payload) {
    return run(Program.of(command), payload);
  }

  Job run(Program program, Object payload) {
    handle("program", program);
    return await(quern.enqueue(NewJob.of("program", payload).maxAttempts(1)).id());
  }

  /// What a program prints whose job must end well.
  String print(String command, Object payload) {
    return text(run(command, payload));
  }

  static String text(Job done) {
    return new String(output(done).bytes(), StandardCharsets.UTF_8);
  }

  static ProgramOutput output(Job done) {
    assertEquals(JobState.DONE, done.state(), () -> "failed: " + done.failure());
    return ProgramOutput.of(done.result().orElseThrow());
  }

  List<String> log(long id) {
    return quern.jobs().log(id).stream().map(LogLine::text).toList();
  }

  @Override
  public void close() {
    quern.close(Duration.ZERO);
  }
}
