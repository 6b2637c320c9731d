package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestClock;
import dev.quern.support.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

class ClosingTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");
  private static final Duration LONG = Duration.ofMinutes(10);

  @RegisterExtension final TestStore store = new TestStore();

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void closing_twice_is_fine() {
    for (Quern quern : List.of(store.open(), store.manual())) {
      quern.enqueue(MAIL);
      quern.close();
      quern.close();
      quern.close(Duration.ZERO);
    }
  }

  @Test
  void after_the_end_every_call_says_that_the_engine_is_closed() {
    for (boolean manual : List.of(true, false)) {
      var quern = manual ? store.manual() : store.open();
      long id = quern.enqueue(MAIL).id();
      var lease = quern.claim(CLAIM).getFirst();
      quern.close();

      calls(quern, lease, id).forEach((name, call) -> assertClosed(name, call));
      if (manual) {
        assertClosed("tick", quern::tick);
      }
    }
  }

  private static Map<String, Executable> calls(Quern quern, Lease lease, long id) {
    var calls = new LinkedHashMap<String, Executable>();
    calls.put("start", quern::start);
    calls.put("enqueue", () -> quern.enqueue(MAIL));
    calls.put("claim", () -> quern.claim(CLAIM));
    calls.put("complete", lease::complete);
    calls.put("renew", () -> lease.renew(Duration.ofMinutes(1)));
    calls.put("get", () -> quern.jobs().get(id));
    calls.put("list", () -> quern.jobs().list(JobFilter.ALL));
    calls.put("counts", () -> quern.jobs().counts());
    calls.put("await", () -> quern.jobs().await(id, LONG));
    calls.put("why", () -> quern.jobs().why(id));
    calls.put("cancel", () -> quern.jobs().cancel(id, ""));
    calls.put("requeue", () -> quern.jobs().requeue(id));
    calls.put("requeueFailed", () -> quern.jobs().requeueFailed(Optional.empty(), true));
    calls.put("policy", () -> quern.kinds().policy("mail", policy -> policy.rank(1)));
    calls.put("pause", () -> quern.kinds().pause("mail", ""));
    return calls;
  }

  private static void assertClosed(String name, Executable call) {
    var refusal =
        assertTimeoutPreemptively(
            Duration.ofSeconds(10), () -> assertThrows(IllegalStateException.class, call, name));
    assertEquals("the engine is closed: open a new one", refusal.getMessage(), name);
  }

  @Test
  void handlers_may_finish_within_the_grace() throws Exception {
    var quern = blocking();
    long id = quern.enqueue(MAIL).id();
    long waiting = quern.enqueue(MAIL).id();
    begun.await();

    var closing =
        later(() -> {
          quern.close(LONG);
          return true;
        });
    release.countDown();
    closing.get(10, TimeUnit.SECONDS);

    var after = store.manual();
    assertEquals(JobState.DONE, state(after, id));
    assertEquals(JobState.READY, state(after, waiting), "claims stop at once");
  }

  @Test
  void after_the_grace_handlers_are_interrupted_and_their_jobs_given_back() throws Exception {
    var quern = blocking();
    long id = quern.enqueue(MAIL.maxAttempts(1)).id();
    begun.await();

    quern.close(Duration.ZERO);

    var after = store.manual();
    var job = after.jobs().get(id).orElseThrow();
    assertEquals(JobState.READY, job.state());
    assertEquals(0, job.attempts());
    assertEquals(0, job.losses());
    assertEquals(
        List.of(Outcome.RELEASED),
        after.jobs().attempts(id).stream().map(Attempt::outcome).toList());
  }

  @Test
  void whoever_closes_need_not_wait_for_a_handler_that_ignores_its_interrupt() throws Exception {
    var quern =
        store
            .open()
            .handle(
                "mail",
                Integer.class,
                (_, _) -> {
                  begun.countDown();
                  ignoreInterrupts();
                })
            .start();
    long id = quern.enqueue(MAIL).id();
    begun.await();
    var closing = Thread.startVirtualThread(() -> quern.close(LONG));

    TestStore.eventually(() -> {
      closing.interrupt();
      return !closing.isAlive();
    });

    var job = store.manual().jobs().get(id).orElseThrow();
    assertEquals(JobState.READY, job.state());
    assertEquals(0, job.attempts());
    release.countDown();
  }

  private void ignoreInterrupts() {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // It knows better.
      }
    }
  }

  @Test
  void leases_are_renewed_until_the_last_handler_has_ended() throws Exception {
    var quern = blocking();
    var elsewhere = store.manual();
    long id = quern.enqueue(MAIL).id();
    begun.await();
    var closing =
        later(() -> {
          quern.close(LONG);
          return true;
        });

    for (int beat = 0; beat < 5; beat++) {
      store.clock.advance(Duration.ofSeconds(20));
      var until = store.clock.instant().plusSeconds(60);
      TestStore.eventually(
          () -> elsewhere.jobs().get(id).orElseThrow().leaseUntil().equals(Optional.of(until)));
      elsewhere.tick();
    }
    release.countDown();
    closing.get(10, TimeUnit.SECONDS);

    assertEquals(JobState.DONE, state(elsewhere, id));
    assertEquals(0, elsewhere.jobs().get(id).orElseThrow().losses());
  }

  @Test
  void a_second_call_with_a_shorter_grace_shortens_the_wait_of_the_first() throws Exception {
    var quern = blocking();
    long id = quern.enqueue(MAIL).id();
    begun.await();
    var first =
        later(() -> {
          quern.close(LONG);
          return true;
        });
    TestStore.eventually(() -> closed(quern::start));

    later(
            () -> {
              quern.close(Duration.ZERO);
              return true;
            })
        .get(10, TimeUnit.SECONDS);
    first.get(10, TimeUnit.SECONDS);

    assertEquals(JobState.READY, state(store.manual(), id));
  }

  @Test
  void a_grace_may_be_as_long_as_it_likes() {
    var quern = store.open();

    quern.close(Duration.ofSeconds(Long.MAX_VALUE));

    assertThrows(IllegalStateException.class, () -> quern.enqueue(MAIL));
  }

  @Test
  void a_handler_may_close_the_engine() throws Exception {
    var quern = store.open();
    quern
        .handle(
            "mail",
            Integer.class,
            (_, _) -> {
              begun.countDown();
              quern.close(Duration.ZERO);
              release.countDown();
            })
        .start();
    long id = quern.enqueue(MAIL).id();

    assertTrue(release.await(30, TimeUnit.SECONDS));

    assertEquals(JobState.READY, state(store.manual(), id));
  }

  @Test
  void whoever_waits_for_a_job_is_told_when_the_engine_closes() throws Exception {
    var quern = store.open();
    long id = quern.enqueue(MAIL).id();
    var waiting =
        later(() -> {
          begun.countDown();
          return quern.jobs().await(id, LONG);
        });
    begun.await();

    quern.close();

    assertThrows(Exception.class, () -> waiting.get(10, TimeUnit.SECONDS));
    assertTrue(waiting.isDone(), "it would have waited for ten minutes");
  }

  /// A clock that stops whoever asks for the time of a claim, until it is told to go on.
  private record ClaimStop(TestClock clock, CountDownLatch stopped, CountDownLatch goOn)
      implements InstantSource {
    @Override
    public Instant instant() {
      if (StackWalker.getInstance().walk(ClaimStop::claiming)) {
        stopped.countDown();
        await(goOn);
      }
      return clock.instant();
    }

    private static boolean claiming(Stream<StackWalker.StackFrame> stack) {
      return stack.anyMatch(frame -> frame.getClassName().endsWith(".Claims"));
    }
  }

  @Test
  void a_job_that_is_being_claimed_while_the_engine_closes_may_finish() throws Exception {
    var stop = new ClaimStop(store.clock, new CountDownLatch(1), new CountDownLatch(1));
    var quern =
        store
            .open(QuernConfig.DEFAULT.clock(stop))
            .handle(
                "mail",
                Integer.class,
                (_, _) -> {
                  begun.countDown();
                  release.await();
                });
    long id = quern.enqueue(MAIL).id();
    quern.start();
    await(stop.stopped());
    var closing = Thread.ofPlatform().start(() -> quern.close(LONG));
    var asleep = Set.of(Thread.State.BLOCKED, Thread.State.WAITING);
    TestStore.eventually(() -> asleep.contains(closing.getState()));

    stop.goOn().countDown();
    await(begun);
    var waitsOrEnded = Set.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED);
    TestStore.eventually(() -> waitsOrEnded.contains(closing.getState()));
    release.countDown();
    closing.join();

    assertEquals(JobState.DONE, state(store.manual(), id));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean closed(Runnable call) {
    try {
      call.run();
      return false;
    } catch (IllegalStateException closed) {
      return true;
    }
  }

  @Test
  void jobs_that_a_manual_engine_has_claimed_and_not_run_are_given_back() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    long id = quern.enqueue(MAIL).id();
    assertEquals(JobState.RUNNING, state(quern, id));

    quern.close();

    var job = store.manual().jobs().get(id).orElseThrow();
    assertEquals(JobState.READY, job.state());
    assertEquals(0, job.attempts());
  }

  /// Runs one job at a time, which waits until it is released.
  private Quern blocking() {
    return store
        .open(store.config().concurrency(1))
        .handle(
            "mail",
            Integer.class,
            (_, _) -> {
              begun.countDown();
              release.await();
            })
        .start();
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }

  private static <T> CompletableFuture<T> later(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
  }
}
