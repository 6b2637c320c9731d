package dev.quern.trust;

import dev.quern.JobEvent;
import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import dev.quern.trust.DiskArm.Fault;
import dev.quern.trust.DiskArm.How;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// A life of an application on a disk that fails: it opens an engine, works, goes on when the fault
/// has passed, and closes; what it was told is held against the database. Then it opens once more
/// and lets all jobs end.
///
/// The clock of the engine is a hundred times as fast as others, so that what it tries again after
/// a second it tries again at once.
final class FaultRound {
  private static final int FASTER = 100;
  private static final Duration LEASE = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Path file;
  private final Fault fault;
  private final Duration patience;
  private final Duties duties;
  private final Told told = new Told();
  private final List<String> faults = new ArrayList<>();
  private final Instant begin = Instant.now();
  private final long beginNanos = System.nanoTime();
  private long hits;
  private int unknown;

  /// What a round came to.
  ///
  /// @param hits how many operations failed
  /// @param promises what it was told that must hold
  /// @param unknown how many calls were told that their outcome is unknown
  record Result(long hits, int promises, int unknown, Verdict verdict, List<String> faults) {
    String words() {
      return "%d %d %d %d %d %d %d"
          .formatted(
              hits,
              promises,
              unknown,
              verdict.lost(),
              verdict.unexpected(),
              verdict.duplicated(),
              verdict.recovered());
    }
  }

  /// @param patience how long the engine may take to go on when the fault has passed
  FaultRound(Path file, Fault fault, Duration patience) {
    this.patience = patience;
    this.file = file;
    this.fault = fault;
    this.duties = new Duties(file.toString(), "&synchronous=FULL", this::say);
  }

  private synchronized void say(String line) {
    if (line.startsWith("told ")) {
      listen(line);
    } else {
      told.hear(line);
    }
  }

  /// A fault says what to do.
  private void listen(String line) {
    unknown += line.contains("OutcomeUnknown") ? 1 : 0;
    List<String> advice = List.of("look it up", "nothing was changed", "check", "free some space");
    if (advice.stream().noneMatch(line::contains)) {
      faults.add("what is to be done? " + line);
    }
  }

  // ---- the life

  Result run() throws SQLException {
    DiskArm.arm(fault);
    work();
    pass();
    Told.Comparison left = told.compare(Look.at(file.toString()), false);
    faults.addAll(left.faults());
    goOn();
    faults.addAll(told.compare(Look.at(file.toString()), true).faults());
    return new Result(hits, told.promises(), unknown, left.verdict(), faults);
  }

  /// The fault has passed.
  private void pass() {
    hits += DiskArm.hits();
    DiskArm.arm(Fault.NONE);
  }

  private void work() {
    try (Quern quern = insist(this::open)) {
      quern.listen(this::tell);
      insist(() -> {
        Duties.policy(quern);
        return true;
      });
      duties.handle(quern);
      insist(quern::start);
      ask(new Asking(quern, duties));
      if (!closesWhileFailing()) {
        recover(quern);
      }
    }
  }

  /// With jobs whose ends cannot be written this takes the time that interrupted handlers get.
  private boolean closesWhileFailing() {
    return Trust.LONG && fault.how() == How.FOREVER && fault.nth() % 32 == 0;
  }

  /// When the fault has passed the engine works again, and does what it was given before.
  private void recover(Quern quern) {
    if (fault.how() == How.FOREVER) {
      pass();
    }
    say("try single after.done");
    insist(() -> {
      say("ack after.done " + quern.enqueue(Duties.job("after.done")).id() + " new");
      return true;
    });
    awaitEnd(quern);
  }

  private Quern open() {
    return Quern.open(file, QuernConfig.DEFAULT.clock(clock()).lease(LEASE).grace(GRACE));
  }

  private InstantSource clock() {
    return () -> begin.plusNanos((System.nanoTime() - beginNanos) * FASTER);
  }

  private void tell(JobEvent event) {
    if (event.state().ended()) {
      say("end " + event.jobId() + " " + event.state().label());
    }
  }

  private void ask(Asking asking) {
    for (int i = 0; i < Duties.ACTIONS.size(); i++) {
      asking.single(i + "." + Duties.ACTIONS.get(i));
    }
    asking.bulk("some.done");
    asking.inOwnTransaction("own.done");
    asking.unique("first.done", "key");
    writeBack();
    asking.unique("second.done", "key");
    asking.inOwnTransaction("own.self");
    asking.single("last.parent");
  }

  private void writeBack() {
    try (Connection own = duties.connect();
        Statement statement = own.createStatement()) {
      statement.execute("pragma wal_checkpoint(restart)");
    } catch (SQLException fault) {
      // The next may do it.
    }
  }

  /// Asks again while the disk fails; when it never stops, it is replaced.
  private <T> T insist(Supplier<T> call) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (int tries = 0; ; tries++) {
      StoreException why;
      try {
        return call.get();
      } catch (StoreException refused) {
        why = refused;
        say("told " + refused);
      }
      if (tries == 3) {
        pass();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the engine does not go on though the fault has passed", why);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void goOn() {
    try (Quern quern = open()) {
      quern.listen(this::tell);
      duties.handle(quern);
      quern.start();
      awaitEnd(quern);
    }
  }

  /// Waits until what is left are jobs of tomorrow.
  private void awaitEnd(Quern quern) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (working(quern)) {
      if (System.nanoTime() > deadline) {
        faults.add("jobs do not end: " + quern.jobs().counts());
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean working(Quern quern) {
    try {
      return quern.jobs().counts().byKind().getOrDefault(Duties.KIND, Map.of()).keySet().stream()
          .anyMatch(JobState::live);
    } catch (StoreException refused) {
      say("told " + refused);
      return true;
    }
  }
}
