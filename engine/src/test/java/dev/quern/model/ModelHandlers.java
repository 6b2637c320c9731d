package dev.quern.model;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The handlers of an engine: they claim with every durable change, run when the engine is ticked,
/// and do what the payloads of their jobs say.
final class ModelHandlers {
  static final Failure SAID_TRANSIENT =
      new Failure(FailureClass.TRANSIENT, "busy", "The Disk is Full");
  static final Failure SAID_HOPELESS =
      new Failure(FailureClass.UNRECOVERABLE, "gone", "no address");
  static final double PROGRESS = 0.5;

  private final ModelStore store;
  private final List<ModelJob> started = new ArrayList<>();
  private ModelClaims claims;
  private boolean claiming;

  ModelHandlers(ModelStore store) {
    this.store = store;
  }

  void start() {
    claims = new ModelClaims(store);
    claiming = true;
  }

  /// Gives back what has not run.
  void stop() {
    claiming = false;
    if (!started.isEmpty()) {
      store.write(() -> {
        started.forEach(this::giveBack);
        return true;
      });
    }
    started.clear();
  }

  private void giveBack(ModelJob job) {
    store.end(job, new Ending.HandedBack());
  }

  void claim() {
    int slots = store.scenario.slots() - started.size();
    if (claiming && slots > 0) {
      ModelClaims.Demand demand =
          new ModelClaims.Demand(
              store.scenario.handled(),
              store.scenario.capabilities(),
              slots,
              this::room,
              Optional.empty(),
              true);
      started.addAll(store.start(claims, demand, store.life.owner, Scenario.LEASE));
    }
  }

  private int room(String kind) {
    int here = (int) started.stream().filter(job -> job.kind().equals(kind)).count();
    return store.kind(kind).policy.concurrency().map(n -> n - here).orElse(Integer.MAX_VALUE);
  }

  /// Runs until there is nothing left to run; answers how many handlers ran.
  int run() {
    int ran = 0;
    while (!started.isEmpty()) {
      List<Attempted> attempted = started.stream().map(this::attempt).toList();
      started.clear();
      store.write(() -> {
        settle(attempted);
        return true;
      });
      ran += (int) attempted.stream().filter(Attempted::began).count();
    }
    return ran;
  }

  /// A handler that has ended.
  private record Attempted(ModelJob job, Optional<Script> script, Ending ending) {
    boolean began() {
      return !(ending instanceof Ending.HandedBack);
    }

    boolean done() {
      return ending instanceof Ending.Done;
    }

    Ending plain() {
      return new Ending.Done(((Ending.Done) ending).result(), List.of());
    }

    List<Draft> followUps() {
      return ((Ending.Done) ending).followUps();
    }
  }

  private Attempted attempt(ModelJob job) {
    if (job.cancelRequestedAt != null) {
      return new Attempted(job, Optional.empty(), new Ending.HandedBack());
    }
    Optional<Script> script = Script.of(job.draft.payload());
    script
        .filter(s -> s.act().commits())
        .ifPresent(s -> store.end(job, new Ending.Done(Optional.empty(), s.drafts())));
    Ending ending = script.map(ModelHandlers::ending).orElseGet(() -> unreadable(job));
    return new Attempted(job, script, ending);
  }

  private static Ending unreadable(ModelJob job) {
    String why = Script.complaint(job.draft.payload());
    return new Ending.Failed(new Failure(FailureClass.UNRECOVERABLE, RealSide.UNREADABLE, why));
  }

  private static Ending ending(Script script) {
    Duration wait = Duration.ofMillis(script.millis());
    return switch (script.act()) {
      case RETURN, COMMIT, ROLL_BACK -> new Ending.Done(Optional.empty(), script.drafts());
      case RETURN_RESULT -> new Ending.Done(Optional.of(Script.RESULT), script.drafts());
      case FAIL -> new Ending.Failed(SAID_TRANSIENT);
      case GIVE_UP -> new Ending.Failed(SAID_HOPELESS);
      case RETRY_AFTER -> new Ending.Failed(SAID_TRANSIENT, Optional.of(wait));
      case DEFER -> new Ending.Deferred(wait, "not yet");
      case STUMBLE, COMMIT_THEN_STUMBLE, ROLL_BACK_THEN_STUMBLE ->
          new Ending.Failed(Failure.of(FailureClass.TRANSIENT, new Script.Stumble()));
    };
  }

  /// Those that ended well are done before anything else happens.
  private void settle(List<Attempted> attempted) {
    List<Attempted> held = attempted.stream().filter(one -> one.job().running()).toList();
    held.stream().filter(Attempted::done).forEach(one -> store.end(one.job(), one.plain()));
    held.stream().filter(Attempted::done).forEach(one -> one.followUps().forEach(store::add));
    attempted.forEach(this::say);
    held.stream().filter(one -> !one.done()).forEach(one -> store.end(one.job(), one.ending()));
  }

  private void say(Attempted attempted) {
    ModelJob job = attempted.job();
    Optional<String> note = attempted.script().flatMap(Script::note);
    if (note.isPresent()) {
      job.progress = PROGRESS;
      job.note = note.get();
      String line = line(note.get(), job.attempts, job.fence, job.requeues);
      job.log.add(new LogLine(job.fence, 0, Instant.ofEpochMilli(store.now), line));
    }
  }

  /// What a handler logs: what it knows of its attempt.
  static String line(String note, int attempt, long fence, long requeues) {
    return "%s: attempt %d, fence %d, requeues %d".formatted(note, attempt, fence, requeues);
  }
}
