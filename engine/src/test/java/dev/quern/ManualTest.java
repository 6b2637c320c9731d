package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.support.TestClock;
import dev.quern.support.TestStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ManualTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void handlers_run_on_the_thread_that_ticks_and_only_then() {
    var threads = new ArrayList<Thread>();
    var quern =
        store
            .manual()
            .handle("mail", Integer.class, (_, _) -> threads.add(Thread.currentThread()))
            .start();
    quern.enqueue(MAIL);
    assertEquals(List.of(), threads);

    assertEquals(1, quern.tick());

    assertSame(Thread.currentThread(), threads.getFirst());
    assertEquals(0, quern.tick());
  }

  @Test
  void a_tick_goes_on_until_nothing_is_due() {
    var ran = new ArrayList<Integer>();
    var quern = store.manual();
    quern
        .handle(
            "mail",
            Integer.class,
            (i, context) -> {
              ran.add(i);
              if (i < 3) {
                context.enqueue(NewJob.json("mail", "" + (i + 1)));
              } else if (i < 6) {
                quern.enqueue(NewJob.json("mail", "" + (i + 1)));
              }
            })
        .start();
    quern.enqueue(MAIL);

    assertEquals(6, quern.tick());

    assertEquals(List.of(1, 2, 3, 4, 5, 6), ran);
  }

  @Test
  void time_passes_only_when_it_is_driven() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.enqueue(MAIL.delay(Duration.ofMillis(1)));
    for (int i = 0; i < 50; i++) {
      assertEquals(0, quern.tick());
    }

    store.clock.advance(Duration.ofMillis(1));

    assertEquals(1, quern.tick());
  }

  @Test
  void when_time_is_set_back_it_goes_on_at_half_speed() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.enqueue(MAIL.delay(Duration.ofMinutes(1)));
    store.clock.advance(Duration.ofHours(-1));
    assertEquals(0, quern.tick());

    store.clock.advance(Duration.ofSeconds(119));
    assertEquals(0, quern.tick());
    store.clock.advance(Duration.ofSeconds(1));
    assertEquals(1, quern.tick());
  }

  @Test
  void an_engine_with_its_own_threads_cannot_be_ticked() {
    var quern = store.open();

    assertThrows(IllegalStateException.class, quern::tick);
  }

  @Test
  void what_is_due_is_claimed_by_hand_without_a_tick() {
    var quern = store.manual();
    quern.enqueue(MAIL.delay(Duration.ofMinutes(1)));
    store.clock.advance(Duration.ofMinutes(1));

    assertEquals(1, quern.claim(ClaimRequest.of("mail")).size());
  }

  @Test
  void more_handlers_than_the_writer_has_room_for_can_end_in_one_tick() {
    var quern =
        store
            .manual(store.config().concurrency(100_000))
            .handle("mail", Integer.class, (_, _) -> {});
    for (int i = 0; i < 7; i++) {
      quern.enqueueAll(Collections.nCopies(10_000, MAIL));
    }

    assertEquals(70_000, quern.start().tick());
    assertEquals(70_000, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void the_same_commands_give_the_same_history(@TempDir Path directory) {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("manual engine: -Dseed=" + seed);

    var first = history(directory.resolve("first.db"), seed);
    var second = history(directory.resolve("second.db"), seed);

    assertEquals(first, second);
  }

  /// Enqueues, fails, defers, cancels and lets time pass at random, and tells all attempts.
  private static List<Object> history(Path file, long seed) {
    var random = new SplittableRandom(seed);
    var clock = new TestClock();
    var told = new ArrayList<Object>();
    try (var quern = Quern.manual(file, QuernConfig.DEFAULT.clock(clock).concurrency(3))) {
      var exact = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), false);
      for (String kind : List.of("a", "b")) {
        quern.kinds().policy(kind, policy -> policy.backoff(exact).maxAttempts(3));
        quern.handle(kind, Integer.class, (i, context) -> act(random, i, context, told));
      }
      quern.start();
      for (int i = 0; i < 150; i++) {
        var job = NewJob.json(random.nextBoolean() ? "a" : "b", "" + i);
        long id = quern.enqueue(job.priority(random.nextInt(3))).id();
        if (random.nextInt(10) == 0) {
          told.add(quern.jobs().cancel(1 + random.nextLong(id), "no longer wanted"));
        }
        clock.advance(Duration.ofMillis(random.nextInt(1_000)));
        told.add(quern.tick());
      }
      quern.jobs().list(JobFilter.ALL.limit(1_000)).jobs().stream()
          .flatMap(job -> quern.jobs().attempts(job.id()).stream())
          .map(a -> List.of(a.jobId(), a.fence(), a.number(), a.endedAt(), a.outcome()))
          .forEach(told::add);
      told.add(quern.jobs().counts());
    }
    return told;
  }

  private static void act(SplittableRandom random, int i, JobContext context, List<Object> told) {
    told.add(i);
    switch (random.nextInt(4)) {
      case 0 -> throw new IllegalStateException("down");
      case 1 -> throw new JobDeferredException(Duration.ofMillis(random.nextInt(3_000)), "later");
      case 2 -> context.enqueue(NewJob.json("a", "" + (i + 1_000)));
      default -> context.result(i);
    }
  }
}
