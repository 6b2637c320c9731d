package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LimitsTest {
  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void an_engine_runs_as_many_handlers_as_its_concurrency_and_no_more() throws Exception {
    var gate = new Gate();
    var quern = store.open(store.config().concurrency(3)).handle("mail", Integer.class, gate);
    quern.enqueueAll(jobs("mail", 10));

    quern.start();

    gate.awaitEntered(3);
    assertEquals(3, quern.jobs().counts().of(JobState.RUNNING));
    assertEquals(3, quern.running().size());
    gate.open();
    TestStore.eventually(() -> quern.jobs().counts().of(JobState.DONE) == 10);
    assertEquals(3, gate.most());
  }

  @Test
  void a_kind_runs_as_often_in_one_process_as_its_concurrency_allows() throws Exception {
    var gate = new Gate();
    var quern =
        store
            .open()
            .handle("heavy", Integer.class, gate)
            .handle("light", Integer.class, (_, _) -> {});
    quern.kinds().policy("heavy", policy -> policy.concurrency(2));
    quern.enqueueAll(jobs("heavy", 5));

    quern.start();

    gate.awaitEntered(2);
    long light = quern.enqueue(NewJob.json("light", "1")).id();
    assertTrue(quern.jobs().await(light, Duration.ofSeconds(10)).isPresent());
    assertEquals(2, quern.jobs().counts().of("heavy", JobState.RUNNING));
    gate.open();
    TestStore.eventually(() -> quern.jobs().counts().of("heavy", JobState.DONE) == 5);
    assertEquals(2, gate.most());
  }

  @Test
  void a_concurrency_of_zero_stops_a_kind_until_it_is_raised() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.kinds().policy("mail", policy -> policy.concurrency(0));
    quern.enqueueAll(jobs("mail", 3));

    assertEquals(0, quern.tick());

    quern.kinds().policy("mail", policy -> policy.concurrency(1));
    assertEquals(3, quern.tick());
  }

  @Test
  void over_all_processes_a_kind_runs_as_often_as_its_total_concurrency_allows() {
    var first = store.manual();
    var second = store.manual();
    first.kinds().policy("mail", policy -> policy.totalConcurrency(3));
    first.enqueueAll(jobs("mail", 9));
    var request = ClaimRequest.of("mail").limit(2);

    var ofFirst = first.claim(request);
    var ofSecond = second.claim(request);

    assertEquals(List.of(2, 1), List.of(ofFirst.size(), ofSecond.size()));
    assertEquals(0, first.claim(request).size());
    ofFirst.forEach(Lease::complete);
    assertEquals(2, second.claim(request).size());
    assertEquals(0, second.claim(request).size());
  }

  @Test
  void started_engines_keep_to_the_total_concurrency_and_wake_when_the_other_is_done() {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    Handler<Integer> handler =
        (_, _) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.yield();
          now.decrementAndGet();
        };
    var first = store.open().handle("mail", Integer.class, handler);
    var second = store.open().handle("mail", Integer.class, handler);
    first.kinds().policy("mail", policy -> policy.totalConcurrency(2));
    first.enqueueAll(jobs("mail", 40));

    first.start();
    second.start();

    TestStore.eventually(() -> first.jobs().counts().of(JobState.DONE) == 40);
    assertTrue(most.get() <= 2, most + " at once");
  }

  @Test
  void a_rate_lets_so_many_start_in_a_window_over_all_processes() {
    var first = store.manual();
    var second = store.manual();
    first.kinds().policy("mail", policy -> policy.rate(new Rate(5, Duration.ofMinutes(1))));
    first.enqueueAll(jobs("mail", 20));
    var request = ClaimRequest.of("mail").limit(3);

    assertEquals(3, first.claim(request).size());
    store.clock.advance(Duration.ofSeconds(59));
    assertEquals(2, second.claim(request).size());
    assertEquals(0, first.claim(request).size());

    store.clock.advance(Duration.ofSeconds(1));
    assertEquals(3, second.claim(request).size());
    assertEquals(2, first.claim(request).size());
    assertEquals(0, second.claim(request).size());
  }

  @Test
  void a_job_that_starts_again_counts_in_the_rate_again() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.rate(new Rate(2, Duration.ofMinutes(1))));
    quern.enqueueAll(jobs("mail", 1));
    var request = ClaimRequest.of("mail");

    quern.claim(request).getFirst().handBack();
    quern.claim(request).getFirst().handBack();

    assertEquals(List.of(), quern.claim(request));
  }

  @Test
  void a_manual_engine_goes_on_when_the_next_window_opens() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.kinds().policy("mail", policy -> policy.rate(new Rate(2, Duration.ofSeconds(10))));
    quern.enqueueAll(jobs("mail", 5));

    assertEquals(2, quern.tick());
    store.clock.advance(Duration.ofSeconds(10));
    assertEquals(2, quern.tick());
    store.clock.advance(Duration.ofSeconds(9));
    assertEquals(0, quern.tick());
    store.clock.advance(Duration.ofSeconds(1));
    assertEquals(1, quern.tick());
  }

  @Test
  void a_started_engine_goes_on_when_the_next_window_opens() {
    var quern = store.open().handle("mail", Integer.class, (_, _) -> {});
    quern.kinds().policy("mail", policy -> policy.rate(new Rate(2, Duration.ofSeconds(10))));
    quern.enqueueAll(jobs("mail", 3));

    quern.start();

    TestStore.eventually(() -> quern.jobs().counts().of(JobState.DONE) == 2);
    store.clock.advance(Duration.ofSeconds(10));
    TestStore.eventually(() -> quern.jobs().counts().of(JobState.DONE) == 3);
  }

  @Test
  void the_limits_of_one_kind_leave_others_their_slots() {
    var quern = store.manual();
    quern.kinds().policy("rated", policy -> policy.rank(1).rate(Rate.perSecond(1)));
    quern.kinds().policy("total", policy -> policy.rank(2).totalConcurrency(1));
    quern.enqueueAll(jobs("rated", 5));
    quern.enqueueAll(jobs("total", 5));
    quern.enqueueAll(jobs("free", 5));

    var claimed = quern.claim(ClaimRequest.of("rated", "total", "free").limit(6));

    assertEquals(
        List.of("rated", "total", "free", "free", "free", "free"),
        claimed.stream().map(Lease::kind).toList());
  }

  @Test
  void a_limit_holds_over_the_lanes_of_a_kind() {
    var quern = store.manual();
    quern.kinds().policy("infer", policy -> policy.totalConcurrency(3));
    quern.enqueueAll(jobs("infer", 4));
    quern.enqueueAll(jobs("infer", 4).stream().map(job -> job.requires("gpu")).toList());
    var request = ClaimRequest.of("infer").capabilities("gpu").limit(8);

    assertEquals(3, quern.claim(request).size());
    assertEquals(0, quern.claim(request).size());
  }

  private static List<NewJob> jobs(String kind, int count) {
    return Stream.generate(() -> NewJob.json(kind, "1")).limit(count).toList();
  }

  /// A handler that holds everyone up until the gate is opened, and counts how many are in at once.
  private static final class Gate implements Handler<Integer> {
    private final Semaphore entered = new Semaphore(0);
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Override
    public void handle(Integer payload, JobContext context) throws InterruptedException {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      entered.release();
      opened.await();
      inside.decrementAndGet();
    }

    void awaitEntered(int handlers) throws InterruptedException {
      assertTrue(entered.tryAcquire(handlers, 10, TimeUnit.SECONDS), "only " + inside + " entered");
    }

    void open() {
      opened.countDown();
    }

    int most() {
      return most.get();
    }
  }
}
