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
  private final Map<String, RawHandler> handlers = new ConcurrentHashMap<>();
  private final Slots slots;
  private final LookAhead ahead = new LookAhead();
  private final AtWork atWork = new AtWork();
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

  /// @throws IllegalStateException if the kind has a handler already
  void handle(String kind, RawHandler handler) {
    if (handlers.putIfAbsent(kind, handler) != null) {
      throw new IllegalStateException("kind " + kind + " has a handler already");
    }
    slotsChanged = true;
  }

  Set<String> kinds() {
    return new TreeSet<>(handlers.keySet());
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
    if (!claiming || quiet || wanted <= 0 || handlers.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Demand(
            handlers.keySet(),
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
            .map(limit -> limit - atWork.size(kind))
            .map(left -> left + core.ledger().changes().freedSlots(kind))
            .orElse(Integer.MAX_VALUE);
    return policy.rate().isPresent() ? Math.min(room, freeSlots()) : room;
  }

  /// Slots without a job whose end is not durable yet; negative when jobs were claimed ahead.
  private int freeSlots() {
    int unsettled = atWork.size() - core.ledger().changes().freedSlots();
    return core.config().concurrency() - unsettled;
  }

  void start(List<Claimed> claimed) {
    ahead.claimed(claimed);
    List<Attempting> attempts = new ArrayList<>(claimed.size());
    for (Claimed job : claimed) {
      attempts.add(attempt(job));
    }
    if (manual) {
      toRun.addAll(attempts);
    } else {
      slots.add(attempts);
    }
  }

  private Attempting attempt(Claimed job) {
    Optional<Duration> timeout = core.ledger().kinds().policy(job.lane().kind()).timeout();
    Attempting attempt = new Attempting(core, job, handlers.get(job.lane().kind()), timeout);
    atWork.add(attempt);
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
        atWork.remove(attempt);
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
      attempt.ending().noteHandedIn();
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
      atWork.remove(attempt);
    }
    if (!attempt.ending().settlement().freesSlot()) {
      slotsChanged = true;
    }
  }

  /// Why the end of an attempt could not be written at the last try.
  Optional<RuntimeException> unwritten() {
    return Optional.ofNullable(unwritten);
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
      atWork.all().forEach(attempt -> lookAfter(attempt, late));
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
      atWork.find(job).ifPresent(attempt -> stop(attempt, Attempting.Stop.CANCEL));
    }
  }

  /// Whether an attempt is at work on a claim.
  boolean runs(LeaseTable.Running claim) {
    return atWork.find(claim).isPresent();
  }

  /// Interrupts the handlers whose leases are not among these.
  void keepOnly(List<LeaseTable.Running> held) {
    Set<LeaseTable.Running> leases = Set.copyOf(held);
    for (Attempting attempt : atWork.all()) {
      if (!attempt.ending().settled() && !leases.contains(attempt.key())) {
        stop(attempt, Attempting.Stop.LEASE_LOST);
      }
    }
  }

  // ---- closing

  /// Interrupts all handlers; their jobs are given back.
  void stopAll() {
    atWork.all().forEach(attempt -> attempt.stop(Attempting.Stop.CLOSING));
  }

  /// Gives back the jobs of handlers that did not end.
  void handBackRest() {
    for (Attempting attempt : atWork.all()) {
      if (!attempt.ending().settled()) {
        settle(attempt, attempt.endWithoutReturn());
      } else if (!attempt.ending().handedIn()) {
        write(attempt);
      }
    }
  }

  /// Waits until nothing runs; returns whether that is so.
  boolean awaitIdle(long nanos) throws InterruptedException {
    return atWork.awaitNone(nanos);
  }

  /// Whether there is a handler that has not returned, or been given up, or whose end is not with
  /// the writer yet; the ends of others may still have to be written.
  boolean working() {
    return atWork.all().stream().anyMatch(attempt -> !attempt.ending().handedIn());
  }

  boolean idle() {
    return atWork.empty();
  }

  int size() {
    return atWork.size();
  }

  /// The handlers at work; once claims have stopped, also those that are about to begin.
  List<RunningHandler> snapshot() {
    return atWork.all().stream()
        .filter(attempt -> attempt.begun() || !claiming && !attempt.ending().settled())
        .map(Attempting::snapshot)
        .toList();
  }
}
