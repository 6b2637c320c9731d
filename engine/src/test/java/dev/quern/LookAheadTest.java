package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Jobs claimed ahead of free slots, while handlers take less time than a commit.
class LookAheadTest {
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
  private static final int SLOTS = 4;
  private static final int QUICK = 5_000;
  private static final int SLOW = 2_000;
  private static final int UNHURRIED = 400;
  private static final int MIXED = 50_000;

  @RegisterExtension final TestStore store = new TestStore();

  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger slowBegun = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger blocked = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile boolean released;

  private Quern open() {
    return store.open(store.config().concurrency(SLOTS));
  }

  private void handle(Quern quern) {
    quern.handle("quick", Object.class, (_, _) -> work());
    quern.handle("slow", Object.class, (_, _) -> waitForRelease());
  }

  private void work() {
    most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
    Thread.yield();
    atWork.decrementAndGet();
  }

  private void waitForRelease() throws InterruptedException {
    slowBegun.incrementAndGet();
    release.await();
  }

  private static void enqueue(Quern quern, String kind, int jobs) {
    quern.enqueueEach(Stream.generate(() -> NewJob.json(kind, "1")).limit(jobs));
  }

  private static long count(Quern quern, String kind, JobState state) {
    return quern.jobs().counts().of(kind, state);
  }

  @Test
  void never_more_handlers_are_at_work_than_there_are_slots() {
    var quern = open();
    enqueue(quern, "quick", QUICK);
    handle(quern);

    quern.start();
    TestStore.eventually(() -> count(quern, "quick", JobState.DONE) == QUICK);

    assertTrue(most.get() <= SLOTS, most + " handlers at once");
  }

  @Test
  void what_was_claimed_ahead_and_cannot_be_begun_soon_is_given_back() throws SQLException {
    var quern = claimedAhead();

    store.clock.advance(Duration.ofMillis(200));
    TestStore.eventually(() -> count(quern, "mixed", JobState.RUNNING) == SLOTS);

    assertEquals(SLOTS, blocked.get());
    assertEquals(SLOTS, quern.running().size());
    assertTrue(number("select count(*) from quern_job where state = 'ready' and fence > 0") > 0);
    assertEquals(0, number("select max(attempts) from quern_job where state = 'ready'"));
    open(gate);
    TestStore.eventually(() -> count(quern, "mixed", JobState.DONE) == MIXED);
    assertEquals(1, number("select max(attempts) from quern_job"));
  }

  @Test
  void stopping_gives_back_what_has_not_begun() {
    var quern = claimedAhead();

    quern.stop();
    TestStore.eventually(() -> count(quern, "mixed", JobState.RUNNING) == SLOTS);

    assertEquals(SLOTS, blocked.get());
    open(gate);
  }

  /// An engine all of whose slots are taken by handlers that wait, and that has claimed more jobs
  /// because handlers were quick before. How many depends on the moment, so it may take some tries.
  private Quern claimedAhead() {
    var quern = open();
    enqueue(quern, "mixed", MIXED);
    quern.handle("mixed", Object.class, (_, _) -> passGate());
    quern.start();
    while (!blocksWithMoreClaimed(quern)) {
      open(gate);
    }
    return quern;
  }

  private boolean blocksWithMoreClaimed(Quern quern) {
    blocked.set(0);
    gate = new CountDownLatch(1);
    TestStore.eventually(() -> blocked.get() == SLOTS);
    // The ends of all that returned before are durable with this.
    quern.enqueue(NewJob.json("waste", "1"));
    return count(quern, "mixed", JobState.RUNNING) > SLOTS;
  }

  private void passGate() throws InterruptedException {
    CountDownLatch closed = gate;
    if (closed.getCount() > 0) {
      blocked.incrementAndGet();
      closed.await();
    }
  }

  private static void open(CountDownLatch gate) {
    gate.countDown();
  }

  @Test
  void jobs_whose_handlers_take_longer_than_some_milliseconds_are_not_claimed_ahead() {
    var quern = open();
    enqueue(quern, "unhurried", UNHURRIED);
    var claimed = new AtomicInteger();
    quern.handle(
        "unhurried",
        Object.class,
        (_, _) -> {
          var running = (int) count(quern, "unhurried", JobState.RUNNING);
          claimed.accumulateAndGet(running, Math::max);
          store.clock.advance(Duration.ofMillis(5));
        });

    quern.start();
    TestStore.eventually(() -> count(quern, "unhurried", JobState.DONE) == UNHURRIED);

    assertEquals(SLOTS, claimed.get());
  }

  @Test
  void a_kind_with_a_rate_is_not_claimed_ahead() throws SQLException {
    var quern = open();
    quern.kinds().policy("slow", policy -> policy.rate(new Rate(SLOW, Duration.ofHours(1))));
    enqueue(quern, "quick", QUICK);
    enqueue(quern, "slow", SLOW);
    handle(quern);
    quern.start();
    TestStore.eventually(() -> slowBegun.get() == SLOTS);

    store.clock.advance(Duration.ofMillis(200));
    enqueue(quern, "quick", 1);

    assertEquals(SLOTS, count(quern, "slow", JobState.RUNNING));
    assertEquals(SLOTS, number("select window_starts from quern_kind where kind = 'slow'"));
    release.countDown();
  }

  @Test
  void jobs_that_have_a_slot_are_not_given_back_while_the_processors_are_taken()
      throws SQLException {
    var quern = store.open(store.config().concurrency(PROCESSORS + SLOTS));
    takeProcessors(quern);
    handle(quern);
    enqueue(quern, "slow", SLOTS);
    TestStore.eventually(() -> count(quern, "slow", JobState.RUNNING) == SLOTS);

    store.clock.advance(Duration.ofMillis(200));
    enqueue(quern, "waste", 1);

    assertEquals(SLOTS, count(quern, "slow", JobState.RUNNING));
    released = true;
    release.countDown();
    TestStore.eventually(() -> count(quern, "slow", JobState.DONE) == SLOTS);
    assertEquals(0, number("select count(*) from quern_attempt"));
  }

  @Test
  void what_is_about_to_begin_when_claims_stop_shows_among_the_running() {
    var quern = store.open(store.config().concurrency(PROCESSORS + SLOTS));
    takeProcessors(quern);
    handle(quern);
    long job = quern.enqueue(NewJob.json("slow", "1")).id();
    TestStore.eventually(() -> count(quern, "slow", JobState.RUNNING) == 1);

    quern.stop();

    assertTrue(quern.running().stream().anyMatch(running -> running.jobId() == job));
    released = true;
    release.countDown();
    TestStore.eventually(() -> count(quern, "slow", JobState.DONE) == 1);
  }

  /// Starts an engine whose handlers leave no processor to other virtual threads.
  private void takeProcessors(Quern quern) {
    quern.handle("busy", Object.class, (_, _) -> spin());
    quern.start();
    enqueue(quern, "busy", PROCESSORS);
    TestStore.eventually(() -> atWork.get() == PROCESSORS);
  }

  private void spin() {
    atWork.incrementAndGet();
    while (!released) {
      Thread.onSpinWait();
    }
  }

  private long number(String sql) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      return statement.executeQuery(sql).getLong(1);
    }
  }

  @Test
  void a_job_that_is_cancelled_before_it_begins_is_never_begun() {
    var quern = store.manual();
    handle(quern);
    quern.start();
    long job = quern.enqueue(NewJob.json("slow", "1")).id();

    assertEquals(CancelResult.REQUESTED, quern.jobs().cancel(job, "changed my mind"));
    assertEquals(0, quern.tick());

    assertEquals(JobState.CANCELLED, quern.jobs().get(job).orElseThrow().state());
    assertEquals(0, slowBegun.get());
  }
}
