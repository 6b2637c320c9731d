package dev.quern.model;

import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Outcome;
import java.util.ArrayList;
import java.util.List;

/// Why a job is where it is: the codes of the reasons, the strongest first.
final class ModelWhy {
  private final ModelStore store;
  private final ModelJob job;
  private final ModelKind kind;
  private final List<String> codes = new ArrayList<>();

  ModelWhy(ModelStore store, ModelJob job) {
    this.store = store;
    this.job = job;
    this.kind = store.kind(job.kind());
  }

  List<String> codes() {
    switch (job.state) {
      case SCHEDULED -> scheduled();
      case READY -> ready();
      case RUNNING -> running();
      case WAITING, DONE, FAILED, CANCELLED -> codes.add("ended");
    }
    return codes;
  }

  private void add(String code, boolean holds) {
    if (holds) {
      codes.add(code);
    }
  }

  private void scheduled() {
    codes.add(job.attemptsEnded.isEmpty() ? "not_due" : afterAttempt());
    kind();
    workers();
  }

  private String afterAttempt() {
    Outcome last = job.attemptsEnded.getLast().outcome();
    return last == Outcome.DEFERRED ? "deferred" : "backing_off";
  }

  private void kind() {
    add("paused", kind.pausedAt.isPresent());
    add("retired", kind.policy.retired());
  }

  private void ready() {
    KindPolicy policy = kind.policy;
    kind();
    add("limit", policy.totalConcurrency().filter(n -> store.running(kind.name) >= n).isPresent());
    add("limit", handled() && policy.concurrency().filter(n -> runningHere() >= n).isPresent());
    add("rate", kind.leftInWindow(store.now) <= 0);
    add("suspect", suspect(job) && !store.some(o -> o.running() && suspect(o)).isEmpty());
    workers();
    boolean behind = before() > 0;
    add("behind", behind);
    add("next", codes.isEmpty());
  }

  private boolean suspect(ModelJob job) {
    return store.rules.suspect(job);
  }

  private void workers() {
    boolean able = store.scenario.capabilities().containsAll(job.draft.requires());
    add("no_worker", !handled() || !able);
  }

  private boolean handled() {
    return store.scenario.handled().contains(kind.name);
  }

  private long runningHere() {
    return store.some(other -> other.running() && other.kind().equals(kind.name)).stream()
        .filter(other -> other.owner == store.life.owner)
        .count();
  }

  private long before() {
    return store
        .some(other -> other.state == JobState.READY && other.lane().equals(job.lane()))
        .stream()
        .filter(other -> store.rules.order().compare(other, job) < 0)
        .count();
  }

  private void running() {
    add("cancel_requested", job.cancelRequestedAt != null);
    codes.add("running");
  }
}
