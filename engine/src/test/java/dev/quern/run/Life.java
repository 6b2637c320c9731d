package dev.quern.run;

import dev.quern.JobFailedException;
import dev.quern.KindPolicy;
import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunSpec;
import dev.quern.support.TestStore;
import java.util.ArrayList;
import java.util.List;

/// One life of a process that is at a run: an engine driven by hand, and the run it has open. Lines
/// that begin with `bad` fail, those with `worse` fail for good.
final class Life implements AutoCloseable {
  static final RunSpec SPEC = new RunSpec("sums", "sha256sum", "/data", false);
  final Quern quern;
  final Run run;
  final List<String> handled = new ArrayList<>();
  private boolean handling;

  private Life(Quern quern, Run run) {
    this.quern = quern;
    this.run = run;
  }

  /// Opens the run `sums`.
  static Life in(TestStore store) {
    return in(store, SPEC);
  }

  /// Opens a run.
  static Life in(TestStore store, RunSpec spec) {
    Quern quern = store.manual();
    Run run = quern.runs().open(spec);
    quern.kinds().policy(spec.kind(), Life::policy);
    return new Life(quern, run);
  }

  static KindPolicy policy(KindPolicy policy) {
    return policy.maxAttempts(2).chargesLosses(false).keepsEnded(true);
  }

  /// Hands in lines.
  Life take(String... lines) {
    run.take(List.of(lines));
    return this;
  }

  /// Works on all that is due.
  Life work() {
    handle();
    quern.start();
    quern.tick();
    quern.stop();
    return this;
  }

  private void handle() {
    if (!handling) {
      handling = true;
      quern.handle(run.spec().kind(), String.class, (line, context) -> context.result(work(line)));
    }
  }

  private String work(String line) {
    handled.add(line);
    if (line.startsWith("worse")) {
      throw JobFailedException.unrecoverable("worse", line);
    }
    if (line.startsWith("bad")) {
      throw new IllegalStateException(line);
    }
    return "did " + line;
  }

  /// All lines that have ended and were not given yet.
  List<String> ended() {
    List<String> all = new ArrayList<>();
    for (List<RunLine> page = run.nextEnded(); !page.isEmpty(); page = run.nextEnded()) {
      page.forEach(line -> all.add(text(line)));
    }
    return all;
  }

  /// The same, in their own order.
  List<String> inOrder() {
    List<String> all = new ArrayList<>();
    for (List<RunLine> page = run.nextInOrder(); !page.isEmpty(); page = run.nextInOrder()) {
      page.forEach(line -> all.add(text(line)));
    }
    return all;
  }

  static String text(RunLine line) {
    return line.line()
        + " "
        + line.state().label()
        + line.result().map(result -> " " + result).orElse("")
        + line.failure().map(failure -> " " + failure.code()).orElse("");
  }

  @Override
  public void close() {
    run.close();
    quern.close();
  }
}
