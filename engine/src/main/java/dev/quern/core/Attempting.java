package dev.quern.core;

import dev.quern.Artifact;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.NewArtifact;
import dev.quern.NewJob;
import dev.quern.RunningHandler;
import dev.quern.json.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One attempt at work: calls the handler, turns what happened into a verdict, and hands that in.
public final class Attempting implements JobContext, Runnable {

  /// Why a handler was interrupted.
  enum Stop {
    NO,
    TIMEOUT,
    CANCEL,
    LEASE_LOST,
    CLOSING,
    NOT_BEGUN
  }

  private static final long NEVER = -1;

  /// Where there is no memory for words.
  private static final Verdict WORDLESS =
      new Verdict.Failed(
          new Failure(FailureClass.TRANSIENT, "indescribable", "no memory is left to say why"));

  private final Core core;
  private final Claimed job;
  private final LeaseTable.Running key;
  private final RawHandler handler;
  private final Optional<Duration> timeout;
  private final Notebook notebook;
  private List<Draft> followUps = List.of();
  private final Ending ending = new Ending(this);
  private Optional<String> result = Optional.empty();
  private volatile Stop stop = Stop.NO;
  private volatile long begunAt = NEVER;
  private volatile long stoppedAt;
  private volatile Thread thread;

  Attempting(Core core, Claimed job, RawHandler handler, Optional<Duration> timeout) {
    this.core = core;
    this.job = job;
    this.key = new LeaseTable.Running(job.id(), job.fence());
    this.handler = handler;
    this.timeout = timeout;
    this.notebook = new Notebook(job.fence());
  }

  LeaseTable.Running key() {
    return key;
  }

  // ---- the attempt

  @Override
  public void run() {
    core.pool().returned(this, begin() ? called() : Verdict.HandedBack.PLAIN);
  }

  private Verdict called() {
    Optional<AttemptEvent> event = AttemptEvent.begun();
    Verdict verdict = verdict();
    end();
    event.ifPresent(attempt -> attempt.end(this, verdict));
    return verdict;
  }

  /// Returns false if it was stopped before.
  private synchronized boolean begin() {
    if (stop == Stop.NO) {
      thread = Thread.currentThread();
      begunAt = core.now();
    }
    return begun();
  }

  private synchronized void end() {
    thread = null;
    Thread.interrupted();
  }

  private Verdict verdict() {
    try {
      handler.handle(this);
      synchronized (this) {
        return result.isEmpty() && followUps.isEmpty()
            ? Verdict.Done.PLAIN
            : new Verdict.Done(result, List.copyOf(followUps));
      }
    } catch (Throwable thrown) {
      return verdictOf(thrown);
    }
  }

  /// To describe an exception calls code of others: its own, and the classifier.
  private Verdict verdictOf(Throwable thrown) {
    try {
      return described(thrown);
    } catch (Throwable broken) {
      return indescribable(thrown, broken);
    }
  }

  private static Verdict indescribable(Throwable thrown, Throwable broken) {
    try {
      String message =
          thrown.getClass().getName()
              + ", which could not be described: "
              + broken.getClass().getName();
      return new Verdict.Failed(new Failure(FailureClass.TRANSIENT, "indescribable", message));
    } catch (Error noRoom) {
      return WORDLESS;
    }
  }

  private Verdict described(Throwable thrown) {
    return switch (thrown) {
      case JobFailedException said -> new Verdict.Failed(said.failure(), said.retryAfter());
      case JobDeferredException said -> new Verdict.Deferred(said.delay(), said.getMessage());
      default -> unless(thrown);
    };
  }

  /// What an exception means that says nothing by itself.
  private Verdict unless(Throwable thrown) {
    return switch (stop) {
      case CLOSING -> Verdict.HandedBack.PLAIN;
      case TIMEOUT -> timedOut();
      default -> new Verdict.Failed(Failure.of(classOf(thrown), thrown));
    };
  }

  private FailureClass classOf(Throwable thrown) {
    return thrown instanceof UnreadablePayload
        ? FailureClass.UNRECOVERABLE
        : core.config().classifier().apply(thrown).orElse(FailureClass.TRANSIENT);
  }

  private Verdict timedOut() {
    return new Verdict.Failed(
        new Failure(
            FailureClass.TIMEOUT,
            "timeout",
            "took longer than " + timeout.map(Duration::toString).orElse("allowed")));
  }

  Settlement settlement(Verdict verdict, boolean freesSlot) {
    return Settlement.of(job, verdict, notebook.take(), freesSlot);
  }

  /// How an attempt ends that goes on although it must not.
  Verdict endWithoutReturn() {
    return begun() ? verdictWithoutReturn() : Verdict.HandedBack.PLAIN;
  }

  private Verdict verdictWithoutReturn() {
    return switch (stop) {
      case TIMEOUT -> timedOut();
      case CLOSING, NOT_BEGUN, NO -> Verdict.HandedBack.PLAIN;
      case CANCEL, LEASE_LOST ->
          new Verdict.Failed(new Failure(FailureClass.TRANSIENT, "stuck", "ignored the interrupt"));
    };
  }

  /// What it said and is not written yet.
  Settlement takeNotes() {
    return settlement(Verdict.HandedBack.PLAIN, false);
  }

  /// What becomes of it.
  Ending ending() {
    return ending;
  }

  // ---- stopping

  /// Interrupts the handler, once.
  synchronized void stop(Stop cause) {
    if (stop == Stop.NO) {
      stop = cause;
      stoppedAt = core.now();
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /// Sees to it that it will not begin; returns false if it has begun.
  synchronized boolean stopUnlessBegun() {
    if (!begun()) {
      stop(Stop.NOT_BEGUN);
    }
    return !begun();
  }

  /// When its job was claimed, in epoch milliseconds.
  long claimedAt() {
    return job.startedAt();
  }

  /// When its handler was called, in epoch milliseconds; when its job was claimed if it was not.
  long startedAt() {
    return begun() ? begunAt : claimedAt();
  }

  /// Whether its handler was called.
  boolean begun() {
    return begunAt != NEVER;
  }

  Stop stopped() {
    return stop;
  }

  long stoppedAt() {
    return stoppedAt;
  }

  RunningHandler snapshot() {
    Thread at = thread;
    List<StackTraceElement> stack = at == null ? List.of() : List.of(at.getStackTrace());
    Instant startedAt = Instant.ofEpochMilli(startedAt());
    boolean stuck = ending.settled() && at != null;
    return new RunningHandler(job.id(), kind(), job.fence(), startedAt, stuck, stack);
  }

  // ---- the context

  @Override
  public long jobId() {
    return job.id();
  }

  @Override
  public String kind() {
    return job.lane().kind();
  }

  @Override
  public String payload() {
    return job.payload();
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public long fence() {
    return job.fence();
  }

  @Override
  public String idempotencyKey() {
    return core.store().identity() + ":" + job.id() + ":" + job.requeues();
  }

  @Override
  public Optional<Instant> deadline() {
    return timeout.map(Instant.ofEpochMilli(begunAt)::plus);
  }

  @Override
  public boolean stopping() {
    return stop != Stop.NO;
  }

  @Override
  public void result(Object value) {
    keep(core.drafting().encode(value));
  }

  @Override
  public void resultJson(String json) {
    keep(core.drafting().checkedResult(json));
  }

  private synchronized void keep(String json) {
    result = Optional.of(json);
  }

  @Override
  public synchronized void enqueue(NewJob followUp) {
    if (followUps.isEmpty()) {
      followUps = new ArrayList<>();
    }
    followUps.add(core.drafting().draft(job.lane().tenant(), followUp));
  }

  @Override
  public void progress(double fraction, String note) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("progress of " + fraction + ": must be between 0 and 1");
    }
    notebook.progress(fraction, Texts.cut(note, Failure.MESSAGE_LIMIT));
    core.pool().noted(this);
  }

  @Override
  public void log(String line) {
    notebook.log(Instant.ofEpochMilli(core.now()), Texts.cut(line, LOG_LINE_LIMIT));
    core.pool().noted(this);
  }

  @Override
  public Optional<Artifact> attach(NewArtifact artifact, InputStream content) throws IOException {
    return core.attach(job, artifact, content);
  }

  @Override
  public synchronized boolean complete(Connection connection) throws SQLException {
    return core.complete(connection, job, result, List.copyOf(followUps));
  }
}
