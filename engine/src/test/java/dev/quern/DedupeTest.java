package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DedupeTest {
  private static final NewJob KEYED = NewJob.json("mail", "1").dedupeKey("welcome:42");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_duplicate_of_a_ready_job_is_not_enqueued_and_gets_its_id() {
    var quern = store.manual();
    var first = quern.enqueue(KEYED);

    var second = quern.enqueue(NewJob.json("mail", "2").dedupeKey("welcome:42"));

    assertEquals(new Enqueued(first.id(), true), first);
    assertEquals(new Enqueued(first.id(), false), second);
    assertEquals("1", quern.jobs().get(first.id()).orElseThrow().payload());
    assertEquals(1, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_key_is_held_while_its_job_is_scheduled() {
    var quern = store.manual();
    long id = quern.enqueue(KEYED.delay(Duration.ofHours(1))).id();

    assertEquals(new Enqueued(id, false), quern.enqueue(KEYED));
  }

  @Test
  void a_key_is_held_while_its_job_runs() {
    var quern = store.manual();
    long id = quern.enqueue(KEYED).id();
    quern.claim(ClaimRequest.of("mail"));

    assertEquals(new Enqueued(id, false), quern.enqueue(KEYED));
  }

  @Test
  void a_key_is_held_while_its_job_waits_for_another_try() {
    var quern = store.manual();
    long id = quern.enqueue(KEYED).id();
    quern
        .claim(ClaimRequest.of("mail"))
        .getFirst()
        .fail(new Failure(FailureClass.TRANSIENT, "later", "later"));

    assertEquals(new Enqueued(id, false), quern.enqueue(KEYED));
  }

  @Test
  void after_the_end_a_key_makes_a_fresh_row() {
    var quern = store.manual();
    var ids = new ArrayList<Long>();
    ids.add(quern.enqueue(KEYED).id());
    quern.claim(ClaimRequest.of("mail")).getFirst().complete();
    ids.add(quern.enqueue(KEYED).id());
    quern
        .claim(ClaimRequest.of("mail"))
        .getFirst()
        .fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
    ids.add(quern.enqueue(KEYED).id());
    quern.jobs().cancel(ids.getLast(), "no longer wanted");

    var last = quern.enqueue(KEYED);

    assertTrue(last.isNew());
    ids.add(last.id());
    assertEquals(4, ids.stream().distinct().count());
    assertEquals(4, quern.jobs().list(JobFilter.ALL).jobs().size());
  }

  @Test
  void a_key_repeated_within_a_call_gets_the_id_of_the_first() {
    var quern = store.manual();

    var enqueued =
        quern.enqueueAll(
            List.of(
                KEYED, NewJob.json("mail", "2"), KEYED, NewJob.json("mail", "3"), KEYED, KEYED));

    long first = enqueued.getFirst().id();
    var duplicate = new Enqueued(first, false);
    assertEquals(
        List.of(duplicate, duplicate, duplicate),
        List.of(enqueued.get(2), enqueued.get(4), enqueued.get(5)));
    assertTrue(enqueued.get(0).isNew() && enqueued.get(1).isNew() && enqueued.get(3).isNew());
    assertNotEquals(enqueued.get(1).id(), enqueued.get(3).id());
    assertEquals("2", quern.jobs().get(enqueued.get(1).id()).orElseThrow().payload());
    assertEquals("3", quern.jobs().get(enqueued.get(3).id()).orElseThrow().payload());
    assertEquals(3, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_key_is_one_over_all_kinds() {
    var quern = store.manual();
    long id = quern.enqueue(KEYED).id();

    assertEquals(
        new Enqueued(id, false), quern.enqueue(NewJob.json("sms", "1").dedupeKey("welcome:42")));
  }

  @Test
  void keys_that_differ_in_case_or_blanks_are_different() {
    var quern = store.manual();

    for (String key : List.of("a", "A", "a ", " a", "ä", "a\u0308")) {
      assertTrue(quern.enqueue(NewJob.json("mail", "1").dedupeKey(key)).isNew(), key);
    }
  }

  @Test
  void a_duplicate_does_not_lend_its_tags_or_long_payload_to_the_winner() {
    var quern = store.manual();
    long id = quern.enqueue(KEYED).id();

    quern.enqueue(
        NewJob.json("mail", "\"" + "x".repeat(10_000) + "\"").dedupeKey("welcome:42").tags("late"));

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(List.of(), job.tags());
    assertEquals("1", job.payload());
  }

  @Test
  void in_a_storm_of_64_threads_on_100_keys_every_answer_is_a_job_and_no_key_has_two()
      throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("dedupe storm: -Dseed=" + seed);
    var quern = store.open().handle("mail", Integer.class, (_, _) -> {}).start();
    Map<Long, Long> newIds = new ConcurrentHashMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var storm = new SplittableRandom(seed);
      var tasks =
          IntStream.range(0, 64)
              .<Callable<List<Enqueued>>>mapToObj(_ -> {
                var random = storm.split();
                return () -> rage(quern, random, newIds);
              })
              .toList();
      for (var task : threads.invokeAll(tasks)) {
        for (Enqueued answer : task.get()) {
          assertTrue(newIds.containsKey(answer.id()), answer + " is nobody's job");
        }
      }
    }
    var counts = quern.jobs().counts();
    long all = 0;
    for (JobState state : JobState.values()) {
      all += counts.of(state);
    }
    assertEquals(newIds.size(), all);
  }

  /// Enqueues at random, cancels now and then; no id may be new twice.
  private static List<Enqueued> rage(Quern quern, SplittableRandom random, Map<Long, Long> newIds) {
    var answers = new ArrayList<Enqueued>();
    for (int i = 0; i < 25; i++) {
      var batch =
          IntStream.range(0, random.nextInt(1, 5))
              .mapToObj(_ -> NewJob.json("mail", "1").dedupeKey("key:" + random.nextInt(100)))
              .toList();
      for (Enqueued answer : quern.enqueueAll(batch)) {
        answers.add(answer);
        if (answer.isNew() && newIds.put(answer.id(), answer.id()) != null) {
          throw new AssertionError(answer + " is new twice");
        }
      }
      if (random.nextInt(5) == 0) {
        quern.jobs().cancel(answers.getLast().id(), "weather");
      }
    }
    return answers;
  }
}
