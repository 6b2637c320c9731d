package dev.quern.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.JobState;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Outcome;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import dev.quern.support.TestClock;
import dev.quern.support.TestStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WritingTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private final List<Core> opened = new ArrayList<>();

  @Test
  void how_long_jobs_waited_is_not_counted_if_their_claims_are_undone() {
    var core = open(false);
    assertThrows(
        IllegalStateException.class,
        () ->
            core.write(tx -> {
              core.ledger().changes().stopwatch().waited("undone", 1);
              throw new IllegalStateException("no");
            }));
    core.write(tx -> {
      core.ledger().changes().stopwatch().waited("durable", 1);
      return true;
    });

    assertEquals(Set.of("durable"), core.timings().waits().keySet());
  }

  @Test
  void a_write_that_fails_leaves_those_in_its_batch_alone() throws Exception {
    var core = open(false);
    var release = hold(core);
    var good = later(() -> core.enqueue(List.of(MAIL)));
    var bad =
        later(() ->
            core.write(tx -> {
              tx.update("insert into quern_meta (key, value) values ('half', 'done')");
              throw new IllegalArgumentException("no");
            }));
    var broken =
        later(() -> core.write(tx -> tx.update("insert into quern_meta (key) values (null)")));
    var alsoGood = later(() -> core.enqueue(List.of(MAIL)));
    release.countDown();

    assertTrue(good.get(10, TimeUnit.SECONDS).getFirst().isNew());
    assertTrue(alsoGood.get(10, TimeUnit.SECONDS).getFirst().isNew());
    assertInstanceOf(IllegalArgumentException.class, bad.handle((_, fault) -> cause(fault)).get());
    assertInstanceOf(StoreException.class, broken.handle((_, fault) -> cause(fault)).get());
    assertEquals(0, count(core, "select count(*) from quern_meta where key = 'half'"));
    assertEquals(2, new JobDesk(core).counts().of(JobState.READY));
  }

  /// The first fence is completed before it shows that a lease of the second was lost. That undoes
  /// a batch once; when the next lease is lost soon after, it is looked for first.
  @Test
  void of_many_ends_in_a_batch_all_but_the_one_whose_lease_was_lost_are_recorded() {
    var clock = new TestClock();
    var undone = new AtomicInteger();
    var core = open(QuernConfig.DEFAULT.clock(clock), true, counting(undone));
    var undoneSoFar = new ArrayList<Integer>();
    for (int round = 1; round <= 3; round++) {
      core.enqueue(Stream.generate(() -> MAIL).limit(20).toList());
      var leases = new ArrayList<>(claim(core, 20));
      leases.subList(10, 20).forEach(Lease::handBack);
      leases.subList(10, 20).clear();
      leases.addAll(claim(core, 10));
      long lost = leases.get(15).jobId();
      leases.get(15).handBack();
      assertEquals(lost, claim(core, 1).getFirst().jobId());

      var held = settle(core, leases);

      assertEquals(
          leases.stream().collect(Collectors.toMap(Lease::jobId, lease -> lease.jobId() != lost)),
          held);
      var counts = new JobDesk(core).counts();
      assertEquals(19 * round, counts.of("mail", JobState.DONE));
      assertEquals(19 * round, count(core, "select count(*) from quern_job where state = 'done'"));
      assertEquals(round, counts.of("mail", JobState.RUNNING));
      assertEquals(10 * round, counts.of("log", JobState.READY));
      assertEquals(19 * round, core.timings().runs().get("mail").get(Outcome.DONE).count());
      undoneSoFar.add(undone.get());
      clock.advance(Duration.ofSeconds(round == 1 ? 1 : 60));
    }
    assertEquals(List.of(1, 1, 2), undoneSoFar);
  }

  private static Function<Core, Onlooker> counting(AtomicInteger undone) {
    return _ ->
        new Onlooker() {
          @Override
          public void forget() {
            undone.incrementAndGet();
          }
        };
  }

  private static List<Lease> claim(Core core, int limit) {
    return core.claim(ClaimRequest.of("mail").limit(limit).lease(Duration.ofHours(1)));
  }

  /// Completes jobs in one batch, those of the first fence with a follow-up each; returns of each
  /// whether its lease was held.
  private static Map<Long, Boolean> settle(Core core, List<Lease> leases) {
    var held = new HashMap<Long, Boolean>();
    for (Settlement done : leases.stream().map(lease -> done(core, lease)).toList()) {
      core.settle(done, (answer, _) -> held.put(done.jobId(), answer));
    }
    core.store().writer().turn();
    return held;
  }

  private static Settlement done(Core core, Lease lease) {
    var lane = core.write(tx -> core.ledger().lanes().of(tx, Lane.Key.of("", "mail", List.of())));
    var log = core.drafting().draft("", NewJob.json("log", "1"));
    var verdict =
        lease.fence() == 1 ? new Verdict.Done(Optional.empty(), List.of(log)) : Verdict.Done.PLAIN;
    return new Settlement(
        lease.jobId(), lease.fence(), lane, core.now(), verdict, Settlement.Notes.NONE, false);
  }

  private void execute(String sql) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void an_error_in_a_write_does_not_stop_the_writer() {
    var core = open(false);

    var fault =
        assertThrows(
            IllegalStateException.class,
            () ->
                core.write(_ -> {
                  throw new AssertionError("wrong");
                }));

    assertInstanceOf(AssertionError.class, fault.getCause());
    assertTrue(core.enqueue(List.of(MAIL)).getFirst().isNew());
  }

  @Test
  void an_error_after_a_commit_does_not_stop_the_writer() {
    var core = open(false);
    core.store()
        .writer()
        .send(
            new Pause(),
            new CountDownLatch(0),
            1,
            0,
            (_, _) -> {
              throw new OutOfMemoryError("as if");
            });

    assertTrue(core.enqueue(List.of(MAIL)).getFirst().isNew());
  }

  /// The commit of a claim that failed may have happened all the same.
  @Test
  void a_claim_that_nobody_was_told_of_is_given_back_after_a_fault() throws Exception {
    var core = open(true);
    var ran = new ArrayList<Long>();
    core.handle("mail", context -> ran.add(context.fence()));
    core.start();
    core.stop();
    core.enqueue(List.of(MAIL));
    execute(
        "update quern_job set state = 'running', fence = 1, attempts = 1, started_at = 1,"
            + " lease_until = 1, owner = "
            + core.owner());
    core.start();
    core.tick();
    assertEquals(List.of(), ran);

    assertThrows(StoreException.class, () -> core.write(tx -> tx.update("no statement")));
    core.tick();

    assertEquals(List.of(2L), ran);
    assertEquals(1, new JobDesk(core).counts().of(JobState.DONE));
  }

  @Test
  void an_interrupted_caller_gets_its_answer_and_keeps_the_interrupt() throws Exception {
    var core = open(false);
    var release = hold(core);
    var outcome = new CompletableFuture<Boolean>();
    var caller =
        Thread.startVirtualThread(() -> {
          boolean isNew = core.enqueue(List.of(MAIL)).getFirst().isNew();
          outcome.complete(isNew && Thread.currentThread().isInterrupted());
        });
    caller.interrupt();
    release.countDown();

    assertTrue(outcome.get(10, TimeUnit.SECONDS));
    assertEquals(1, new JobDesk(core).counts().of(JobState.READY));
  }

  /// A step that does nothing, and waits for a latch first.
  private record Pause() implements Step<CountDownLatch, Boolean> {
    @Override
    public Phase phase() {
      return Phase.OTHER;
    }

    @Override
    public List<Boolean> apply(Tx tx, List<CountDownLatch> members) {
      members.forEach(WritingTest::await);
      return members.stream().map(_ -> true).toList();
    }
  }

  /// Whoever closes waits for it: an end that comes to a closed door is lost.
  @Test
  void a_handler_is_at_work_until_its_end_is_with_the_writer() throws Exception {
    var core = open(false);
    var thread = new CompletableFuture<Thread>();
    var end = new CountDownLatch(1);
    var ending = new AtomicBoolean();
    core.handle(
        "mail",
        _ -> {
          thread.complete(Thread.currentThread());
          ending.set(await(end));
        });
    core.start();
    core.enqueue(List.of(MAIL));
    var handler = thread.get(10, TimeUnit.SECONDS);
    var release = hold(core);
    // Takes all the room at the door, so that the end of the job has to wait outside.
    core.store()
        .writer()
        .send(new Pause(), new CountDownLatch(0), 1, Integer.MAX_VALUE, (_, _) -> {});
    end.countDown();
    TestStore.eventually(() -> ending.get() && handler.getState() == Thread.State.WAITING);

    assertTrue(core.pool().working());

    release.countDown();
    TestStore.eventually(() -> new JobDesk(core).counts().of(JobState.DONE) == 1);
    assertFalse(core.pool().working());
  }

  @Test
  void the_writer_itself_gets_in_when_everybody_else_has_to_wait_outside() throws Exception {
    var core = open(false);
    var writer = core.store().writer();
    var open = new CountDownLatch(0);
    var release = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    writer.send(
        new Pause(),
        release,
        1,
        0,
        (_, _) -> writer.send(new Pause(), open, 1, 0, (_, _) -> answered.countDown()));
    // More than there is room for: the next one would have to wait until the writer goes on.
    writer.send(new Pause(), open, 1, Integer.MAX_VALUE, (_, _) -> {});

    release.countDown();

    assertTrue(answered.await(10, TimeUnit.SECONDS));
  }

  @Test
  void when_the_disk_is_full_nothing_is_changed_and_it_goes_on_once_there_is_space() {
    var core = open(false);
    core.enqueue(List.of(MAIL));
    var large = NewJob.json("mail", "\"" + "x".repeat(1_000_000) + "\"");
    long pages = count(core, "pragma page_count");
    core.write(tx -> tx.number("pragma max_page_count = " + (pages + 10)));

    var full =
        assertThrows(StoreException.Full.class, () -> core.enqueue(List.of(MAIL, large, MAIL)));

    assertTrue(full.getMessage().endsWith("free some space, then go on"), full.getMessage());
    assertEquals(1, new JobDesk(core).counts().of(JobState.READY));
    core.write(tx -> tx.number("pragma max_page_count = 1000000"));
    core.enqueue(List.of(MAIL, large, MAIL));
    assertEquals(4, new JobDesk(core).counts().of(JobState.READY));
    assertEquals(4, core.claim(ClaimRequest.of("mail").limit(10)).size());
  }

  @Test
  void virtual_threads_that_wait_for_the_database_leave_the_carriers_to_others() throws Exception {
    var core = open(false);
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute("begin immediate");
      var waiting =
          Stream.generate(() -> later(() -> core.enqueue(List.of(MAIL)))).limit(200).toList();
      var looking =
          Stream.generate(() -> later(() -> new JobDesk(core).get(1))).limit(200).toList();

      for (int i = 0; i < 20; i++) {
        assertTrue(later(() -> true).get(2, TimeUnit.SECONDS), "a canary");
      }

      assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
      statement.execute("rollback");
      for (var each : waiting) {
        assertTrue(each.get(10, TimeUnit.SECONDS).getFirst().isNew());
      }
      for (var each : looking) {
        each.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void ended_jobs_are_deleted_in_small_batches() {
    var clock = new TestClock();
    var core = open(QuernConfig.DEFAULT.clock(clock), true);
    core.handle("mail", _ -> {});
    core.start();
    core.enqueue(Stream.generate(() -> MAIL).limit(1_200).toList());
    core.tick();
    clock.advance(Duration.ofDays(8));
    var left = new ArrayList<Long>();
    for (int batch = 0; batch < 3; batch++) {
      core.store().writer().turn();
      left.add(new JobDesk(core).counts().of(JobState.DONE));
    }

    assertEquals(List.of(700L, 200L, 0L), left);
  }

  private Core open(boolean manual) {
    return open(QuernConfig.DEFAULT, manual);
  }

  private Core open(QuernConfig config, boolean manual) {
    return open(config, manual, _ -> Onlooker.NOBODY);
  }

  private Core open(QuernConfig config, boolean manual, Function<Core, Onlooker> looking) {
    Path file = store.file();
    var core = Core.open(file, config, manual, looking);
    opened.add(core);
    return core;
  }

  @AfterEach
  void close() {
    opened.forEach(core -> core.close(Duration.ZERO));
  }

  /// Keeps the writer inside a transaction until the latch is released.
  private static CountDownLatch hold(Core core) throws InterruptedException {
    var inside = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    later(() ->
        core.write(_ -> {
          inside.countDown();
          return await(release);
        }));
    inside.await();
    return release;
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long count(Core core, String query) {
    return core.read(tx -> number(tx, query));
  }

  private static long number(Tx tx, String query) throws SQLException {
    return tx.number(query);
  }

  private static Throwable cause(Throwable fault) {
    return fault.getCause() == null ? fault : fault.getCause();
  }

  private static <T> CompletableFuture<T> later(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
  }
}
