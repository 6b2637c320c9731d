package dev.quern.core;

import dev.quern.KindPolicy;
import dev.quern.RunningHandler;
import dev.quern.store.SeldomLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The handlers of this process and the attempts they work on: each on a virtual thread of its own,
/// or, in a manual engine, on the thread that ticks.
final class Pool {
  /// How often an end that could not be written is tried again, and notes are written.
  private static final long AGAIN_MILLIS = 1_000;

  /// How long a job that was claimed ahead may wait for a slot.
  private static final long PATIENCE_MILLIS = 100;

  private final SeldomLog seldom = new SeldomLog(System.getLogger(Pool.class.getName()));
  private final Core core;
  private final boolean manual;
  private final Map<String, Served> served = new ConcurrentHashMap<>();
  private final Slots slots;
  private final LookAhead ahead = new LookAhead();
  private final Map<LeaseTable.Running, Attempting> running = new ConcurrentHashMap<>();
  private final List<Attempting> toRun = new ArrayList<>();
  private final Set<Attempting> noted = ConcurrentHashMap.newKeySet();
  private final Set<Attempting> watched = new HashSet<>();
  private volatile RuntimeException unwritten;
  private volatile long againAt = Long.MAX_VALUE;
  private long lookAt;
  private volatile boolean claiming;
  private volatile boolean quiet;
  private volatile boolean slotsChanged;

  Pool(Core core, boolean manual) {
    this.core = core;
    this.manual = manual;
    this.slots = new Slots(core.config().concurrency());
  }

  // ---- handlers

  /// A kind's handler, and how many of its attempts are at work.
  private record Served(RawHandler handler, AtomicInteger running) {}

  /// @throws IllegalStateException if the kind has a handler already
  void handle(String kind, RawHandler handler) {
    if (served.putIfAbsent(kind, new Served(handler, new AtomicInteger())) != null) {
      throw new IllegalStateException("kind " + kind + " has a handler already");
    }
    slotsChanged = true;
  }

  Set<String> kinds() {
    return new TreeSet<>(served.keySet());
  }

  void claim(boolean on) {
    claiming = on;
    slotsChanged = true;
  }

  /// Takes no more jobs until it is told otherwise, whether it has been started or not.
  ///
  /// @return whether that is new
  boolean quiet(boolean on) {
    boolean changes = quiet != on;
    quiet = on;
    slotsChanged |= changes;
    return changes;
  }

  boolean claiming() {
    return claiming;
  }

  // ---- claims: called by the thread that writes

  /// What it can take now; empty if nothing.
  Optional<Demand> demand() {
    slotsChanged = false;
    int wanted = freeSlots() + ahead.jobs();
    if (!claiming || quiet || wanted <= 0 || served.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Demand(
            served.keySet(),
            core.config().capabilities(),
            wanted,
            core.identity().owner(),
            core.config().lease().toMillis(),
            this::room,
            Optional.empty(),
            true,
            Scope.ALL));
  }

  /// A kind with a rate is not claimed ahead: a start that is given back is spent all the same.
  private int room(String kind) {
    KindPolicy policy = core.ledger().kinds().policy(kind);
    int room =
        policy
            .concurrency()
            .map(limit -> limit - served.get(kind).running().get())
            .map(left -> left + core.ledger().changes().freedSlots(kind))
            .orElse(Integer.MAX_VALUE);
    return policy.rate().isPresent() ? Math.min(room, freeSlots()) : room;
  }

  /// Slots without a job whose end is not durable yet; negative when jobs were claimed ahead.
  private int freeSlots() {
    int unsettled = running.size() - core.ledger().changes().freedSlots();
    return core.config().concurrency() - unsettled;
  }

  void start(List<Claimed> claimed) {
    ahead.claimed(claimed);
    List<Attempting> attempts = claimed.stream().map(this::attempt).toList();
    if (manual) {
      toRun.addAll(attempts);
    } else {
      slots.add(attempts);
    }
  }

  private Attempting attempt(Claimed job) {
    Optional<Duration> timeout = core.ledger().kinds().policy(job.lane().kind()).timeout();
    Served kind = served.get(job.lane().kind());
    Attempting attempt = new Attempting(core, job, kind.handler(), timeout);
    running.put(attempt.key(), attempt);
    kind.running().incrementAndGet();
    if (timeout.isPresent()) {
      watched.add(attempt);
    }
    return attempt;
  }

  /// Runs the attempts that a manual engine has claimed, and returns them.
  List<Attempting> runClaimed() {
    List<Attempting> attempts = List.copyOf(toRun);
    toRun.clear();
    attempts.forEach(Attempting::run);
    return attempts;
  }

  // ---- ends

  /// A handler has returned: its slot is free, and its end is written.
  void returned(Attempting attempt, Verdict verdict) {
    attempt.ending().noteReturn();
    try {
      if (!attempt.ending().settled()) {
        settle(attempt, verdict);
      } else if (attempt.ending().written()) {
        free(attempt);
        slotsChanged = true;
      }
    } finally {
      if (!manual) {
        ahead.returned(core.now() - attempt.startedAt());
        slots.freed();
      }
    }
  }

  /// Ends an attempt. Its slot is free when its handler has returned and its end is durable.
  private void settle(Attempting attempt, Verdict verdict) {
    attempt.ending().settle(verdict);
    write(attempt);
  }

  private void write(Attempting attempt) {
    try {
      core.settle(attempt.ending().settlement(), (_, fault) -> written(attempt, fault));
    } catch (Error noRoom) {
      attempt.ending().written(false);
    }
  }

  private void written(Attempting attempt, RuntimeException fault) {
    if (unwritten != fault) {
      unwritten = fault;
    }
    if (fault != null) {
      attempt.ending().written(false);
      seldom.warn("the end of a job could not be written, and is tried again", fault);
      return;
    }
    attempt.ending().written(true);
    if (attempt.ending().returned()) {
      free(attempt);
    }
    if (!attempt.ending().settlement().freesSlot()) {
      slotsChanged = true;
    }
  }

  /// Why the end of an attempt could not be written at the last try.
  Optional<RuntimeException> unwritten() {
    return Optional.ofNullable(unwritten);
  }

  private void free(Attempting attempt) {
    if (running.remove(attempt.key(), attempt)) {
      served.get(attempt.kind()).running().decrementAndGet();
      if (running.isEmpty()) {
        tellIdle();
      }
    }
  }

  private synchronized void tellIdle() {
    notifyAll();
  }

  /// Takes note that a handler said something of its job.
  void noted(Attempting attempt) {
    if (noted.add(attempt)) {
      againAt = Math.min(againAt, core.now() + AGAIN_MILLIS);
    }
  }

  // ---- stops: called by the thread that writes

  /// When it has something to do; does what is due.
  long dueAt(long now) {
    if (now >= againAt) {
      againAt = Long.MAX_VALUE;
      doAgain();
    }
    watched.removeIf(attempt -> watch(attempt, now));
    handBackWaiting(now);
    lookAround(now);
    return slotsChanged ? now : Long.MAX_VALUE;
  }

  private void doAgain() {
    for (Attempting attempt : noted) {
      noted.remove(attempt);
      if (!attempt.ending().settled()) {
        core.note(attempt.takeNotes());
      }
    }
  }

  /// Gives back the jobs that were claimed ahead and cannot be begun soon after all.
  private void handBackWaiting(long now) {
    for (Attempting attempt : claiming ? slots.takeStale(now - PATIENCE_MILLIS) : slots.takeAll()) {
      handBackUnlessSettled(attempt);
    }
  }

  private void handBackUnlessSettled(Attempting attempt) {
    if (!attempt.ending().settled()) {
      handBack(attempt);
    }
  }

  private void handBack(Attempting attempt) {
    if (!attempt.ending().launched()) {
      attempt.ending().noteReturn();
    }
    settle(attempt, Verdict.HandedBack.PLAIN);
  }

  /// Looks after all attempts now and then.
  private void lookAround(long now) {
    if (now >= lookAt) {
      lookAt = now + AGAIN_MILLIS;
      long late = now - Math.max(AGAIN_MILLIS, core.config().stuckAfter().toMillis());
      running.values().forEach(attempt -> lookAfter(attempt, late));
    }
  }

  /// Tries to write an end again. Gives back the job of an attempt that was started before `late`
  /// and did not begin: handlers that do nothing but compute leave no processor to other virtual
  /// threads, and their jobs would wait here for ever.
  private void lookAfter(Attempting attempt, long late) {
    if (attempt.ending().takeRefused()) {
      write(attempt);
    } else if (!manual && attempt.claimedAt() < late && attempt.stopUnlessBegun()) {
      handBackUnlessSettled(attempt);
    }
  }

  /// Interrupts an attempt when its time is up, and ends it when it ignores that; returns whether
  /// there is no more to watch.
  private boolean watch(Attempting attempt, long now) {
    if (attempt.ending().settled()) {
      return true;
    }
    if (!attempt.begun()) {
      return false;
    }
    if (attempt.stopped() == Attempting.Stop.NO) {
      attempt
          .deadline()
          .filter(deadline -> now > deadline.toEpochMilli())
          .ifPresent(_ -> attempt.stop(Attempting.Stop.TIMEOUT));
    } else if (now > attempt.stoppedAt() + core.config().stuckAfter().toMillis()) {
      settle(attempt, attempt.endWithoutReturn());
    }
    return false;
  }

  private void stop(Attempting attempt, Attempting.Stop cause) {
    attempt.stop(cause);
    watched.add(attempt);
  }

  /// Interrupts the handlers whose jobs were asked to stop.
  void cancel(List<LeaseTable.Running> jobs) {
    for (LeaseTable.Running job : jobs) {
      Attempting attempt = running.get(job);
      if (attempt != null) {
        stop(attempt, Attempting.Stop.CANCEL);
      }
    }
  }

  /// Whether an attempt is at work on a claim.
  boolean runs(LeaseTable.Running claim) {
    return running.containsKey(claim);
  }

  /// Interrupts the handlers whose leases are not among these.
  void keepOnly(List<LeaseTable.Running> held) {
    Set<LeaseTable.Running> leases = Set.copyOf(held);
    for (Attempting attempt : running.values()) {
      if (!attempt.ending().settled() && !leases.contains(attempt.key())) {
        stop(attempt, Attempting.Stop.LEASE_LOST);
      }
    }
  }

  // ---- closing

  /// Interrupts all handlers; their jobs are given back.
  void stopAll() {
    running.values().forEach(attempt -> attempt.stop(Attempting.Stop.CLOSING));
  }

  /// Gives back the jobs of handlers that did not end.
  void handBackRest() {
    for (Attempting attempt : running.values()) {
      if (!attempt.ending().settled()) {
        settle(attempt, attempt.endWithoutReturn());
      }
    }
  }

  /// Waits until nothing runs; returns whether that is so.
  synchronized boolean awaitIdle(long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    while (!running.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /// Whether there is a handler that has not returned, or been given up; the ends of others may
  /// still have to be written.
  boolean working() {
    return running.values().stream().anyMatch(attempt -> !attempt.ending().settled());
  }

  boolean idle() {
    return running.isEmpty();
  }

  int size() {
    return running.size();
  }

  /// The handlers at work; once claims have stopped, also those that are about to begin.
  List<RunningHandler> snapshot() {
    return running.values().stream()
        .filter(attempt -> attempt.begun() || !claiming && !attempt.ending().settled())
        .map(Attempting::snapshot)
        .toList();
  }
}
