package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EnqueueTest {
  private static final NewJob MAIL = NewJob.json("mail", "{\"to\": \"a@example.com\"}");

  @RegisterExtension final TestStore store = new TestStore();

  /// A payload.
  record Mail(String to, int copies) {}

  @Test
  void a_new_job_is_ready_at_once() {
    var quern = store.manual();

    var enqueued = quern.enqueue(MAIL);

    var job = quern.jobs().get(enqueued.id()).orElseThrow();
    assertTrue(enqueued.isNew());
    assertEquals(JobState.READY, job.state());
    assertEquals("mail", job.kind());
    assertEquals("{\"to\": \"a@example.com\"}", job.payload());
    assertEquals(store.clock.instant(), job.createdAt());
    assertEquals(store.clock.instant(), job.availableAt());
    assertEquals(KindPolicy.DEFAULT.rank(), job.priority());
    assertEquals(List.of(0, 0, 0), List.of(job.attempts(), job.losses(), job.requeues()));
    assertEquals(0, job.fence());
  }

  @Test
  void many_jobs_at_once_keep_their_payloads_to_the_letter() {
    var quern = store.manual();
    var payloads =
        List.of(
            " { \"a\" : 1.50e+1 , \"b\": 2 } ",
            "\"\\u0001\\ud83d\\ude00 \\/\"",
            "\"\u2028 \u2029 é 😀 \u007f\"",
            "\"quotes \\\" and \\\\ and \\n\"",
            "12345678901234567890.12345678901234567890",
            "1e400",
            "null",
            "\"%s ' ? ; -- $1\"",
            "\"" + "x".repeat(999) + "\"",
            "\"" + "é".repeat(998) + "\"");

    var ids =
        quern.enqueueAll(payloads.stream().map(json -> NewJob.json("mail", json)).toList()).stream()
            .map(Enqueued::id)
            .toList();

    assertEquals(
        payloads, ids.stream().map(id -> quern.jobs().get(id).orElseThrow().payload()).toList());
    var claimed = quern.claim(ClaimRequest.of("mail").limit(payloads.size()));
    assertEquals(payloads, claimed.stream().map(Lease::payload).toList());
  }

  @Test
  void what_a_codec_of_others_writes_is_checked() {
    var codec =
        new PayloadCodec() {
          @Override
          public String encode(Object value) {
            return value.toString();
          }

          @Override
          public <T> T decode(String json, Class<T> type) {
            return type.cast(json);
          }
        };
    var quern = store.manual(store.config().codec(codec));

    assertEquals("[1]", quern.jobs().get(id(quern, "[1]")).orElseThrow().payload());
    for (String wrong : List.of("[1", "", "\"\ud83d\"", "{} {}")) {
      assertThrows(IllegalArgumentException.class, () -> id(quern, wrong), wrong);
    }
  }

  private static long id(Quern quern, Object value) {
    return quern.enqueue(NewJob.of("mail", value)).id();
  }

  @Test
  void jobs_of_one_call_keep_their_order_whatever_is_special_about_them() {
    var quern = store.manual();
    var special =
        List.of(
            MAIL,
            MAIL.dedupeKey("a"),
            MAIL.affinityKey("b"),
            MAIL.maxAttempts(2),
            MAIL.tags("t"),
            NewJob.json("mail", "\"" + "x".repeat(2_000) + "\""),
            NewJob.json("other", "1"),
            MAIL.requires("gpu"));
    var jobs = IntStream.range(0, 80).mapToObj(i -> i % 2 == 0 ? MAIL : special.get(i / 2 % 8));

    var ids = quern.enqueueAll(jobs.toList()).stream().map(Enqueued::id).distinct().toList();

    assertEquals(ids.stream().sorted().toList(), ids);
    var request = ClaimRequest.of("mail", "other").capabilities("gpu").limit(100);
    assertEquals(ids, quern.claim(request).stream().map(Lease::jobId).toList());
  }

  @Test
  void what_is_special_about_a_job_comes_back() {
    var quern = store.manual();

    long id =
        quern
            .enqueue(
                MAIL.priority(-7)
                    .dedupeKey("welcome:42")
                    .affinityKey("model-a")
                    .requires("gpu", "arm")
                    .maxAttempts(9)
                    .tags("red", "blue", "red"))
            .id();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(-7, job.priority());
    assertEquals(Optional.of("welcome:42"), job.dedupeKey());
    assertEquals(Optional.of("model-a"), job.affinityKey());
    assertEquals(List.of("arm", "gpu"), job.requires());
    assertEquals(Optional.of(9), job.maxAttempts());
    assertEquals(Set.of("blue", "red"), Set.copyOf(job.tags()));
    assertEquals(2, job.tags().size());
  }

  @Test
  void a_delayed_job_is_scheduled_until_its_time_has_come() {
    var quern = store.manual();

    long id = quern.enqueue(MAIL.delay(Duration.ofMinutes(5))).id();

    assertEquals(JobState.SCHEDULED, state(quern, id));
    store.clock.advance(Duration.ofMinutes(5).minusMillis(1));
    quern.tick();
    assertEquals(JobState.SCHEDULED, state(quern, id));
    store.clock.advance(Duration.ofMillis(1));
    quern.tick();
    assertEquals(JobState.READY, state(quern, id));
  }

  @Test
  void a_job_can_be_given_the_instant_at_which_it_is_due() {
    var quern = store.manual();
    Instant due = store.clock.instant().plusSeconds(90);

    long id = quern.enqueue(MAIL.at(due)).id();

    assertEquals(due, quern.jobs().get(id).orElseThrow().availableAt());
    assertEquals(JobState.SCHEDULED, state(quern, id));
  }

  @Test
  void an_instant_in_the_past_means_now() {
    var quern = store.manual();

    long id = quern.enqueue(MAIL.at(Instant.EPOCH)).id();

    assertEquals(JobState.READY, state(quern, id));
    assertEquals(store.clock.instant(), quern.jobs().get(id).orElseThrow().availableAt());
  }

  @Test
  void an_instant_that_no_clock_reaches_is_refused() {
    var quern = store.manual();

    var refusal =
        assertThrows(IllegalArgumentException.class, () -> quern.enqueue(MAIL.at(Instant.MAX)));

    assertTrue(refusal.getMessage().contains("at"), refusal.getMessage());
  }

  @Test
  void a_record_is_a_payload() {
    var quern = store.manual();

    long id = quern.enqueue(NewJob.of("mail", new Mail("a@example.com", 2))).id();

    assertEquals(
        "{\"to\":\"a@example.com\",\"copies\":2}", quern.jobs().get(id).orElseThrow().payload());
  }

  @Test
  void a_long_payload_comes_back_whole_to_readers_and_handlers() {
    var quern = store.manual();
    var payload = "\"" + "é€𝄞".repeat(50_000) + "\"";

    long id = quern.enqueue(NewJob.json("mail", payload)).id();

    assertEquals(payload, quern.jobs().get(id).orElseThrow().payload());
    assertEquals(payload, quern.claim(ClaimRequest.of("mail")).getFirst().payload());
  }

  @Test
  void many_jobs_are_enqueued_in_their_order() {
    var quern = store.manual();

    var enqueued =
        quern.enqueueAll(
            IntStream.range(0, 1_000).mapToObj(i -> NewJob.json("mail", "" + i)).toList());

    var payloads = enqueued.stream().map(e -> quern.jobs().get(e.id()).orElseThrow().payload());
    assertEquals(IntStream.range(0, 1_000).mapToObj(i -> "" + i).toList(), payloads.toList());
    assertEquals(1_000, quern.jobs().counts().of("mail", JobState.READY));
  }

  @Test
  void no_jobs_are_no_work() {
    var quern = store.manual();

    assertEquals(List.of(), quern.enqueueAll(List.of()));
  }

  @Test
  void one_refused_job_refuses_all_of_its_call() {
    var quern = store.manual();

    assertThrows(
        IllegalArgumentException.class,
        () -> quern.enqueueAll(List.of(MAIL, NewJob.json("mail", "{"), MAIL)));

    assertEquals(0, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void one_call_takes_ten_thousand_jobs_and_no_more() {
    var quern = store.manual();
    var jobs = IntStream.range(0, Quern.BULK_LIMIT).mapToObj(_ -> MAIL).toList();

    assertEquals(Quern.BULK_LIMIT, quern.enqueueAll(jobs).size());

    var oneMore = new ArrayList<>(jobs);
    oneMore.add(MAIL);
    var refusal = assertThrows(IllegalArgumentException.class, () -> quern.enqueueAll(oneMore));
    assertEquals(
        "10,001 jobs in one call: at most 10,000 are allowed; use enqueueEach",
        refusal.getMessage());
    assertEquals(Quern.BULK_LIMIT, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void one_call_takes_sixteen_mebibytes_and_no_more() {
    var quern = store.manual();
    var large = NewJob.json("mail", "\"" + "x".repeat(1_000_000) + "\"");
    var jobs = IntStream.range(0, 17).mapToObj(_ -> large).toList();

    var refusal = assertThrows(IllegalArgumentException.class, () -> quern.enqueueAll(jobs));

    assertTrue(refusal.getMessage().endsWith("use enqueueEach"), refusal.getMessage());
    assertEquals(0, quern.jobs().counts().of(JobState.READY));
    assertEquals(16, quern.enqueueAll(jobs.subList(0, 16)).size());
  }

  @Test
  void a_stream_of_any_length_is_taken_in_and_its_new_rows_are_counted() {
    var quern = store.manual();

    long added =
        quern.enqueueEach(IntStream.range(0, 12_345).mapToObj(i -> MAIL.dedupeKey("key:" + i / 2)));

    assertEquals((12_345 + 1) / 2, added);
    assertEquals(added, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void when_a_job_of_a_stream_is_refused_all_before_it_stay() {
    var quern = store.manual();
    var jobs =
        Stream.concat(Stream.generate(() -> MAIL).limit(2_500), Stream.of(NewJob.json("mail", "")));

    assertThrows(IllegalArgumentException.class, () -> quern.enqueueEach(jobs));

    assertEquals(2_500, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void calls_of_many_threads_get_jobs_of_their_own() throws Exception {
    var quern = store.open();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          threads.invokeAll(
              IntStream.range(0, 500)
                  .<Callable<Enqueued>>mapToObj(
                      i -> () -> quern.enqueue(NewJob.json("mail", "" + i)))
                  .toList());

      var ids = new TreeSet<Long>();
      for (int i = 0; i < 500; i++) {
        long id = calls.get(i).get().id();
        ids.add(id);
        assertEquals("" + i, quern.jobs().get(id).orElseThrow().payload());
      }
      assertEquals(500, ids.size());
    }
  }

  @Test
  void an_id_is_never_given_twice() {
    var quern = store.manual();
    long first = quern.enqueue(MAIL).id();
    quern.jobs().cancel(first, "");
    assertTrue(quern.jobs().delete(first));
    quern.close();

    long second = store.manual().enqueue(MAIL).id();

    assertTrue(second > first, second + " after " + first);
  }

  @Test
  void a_negative_delay_is_refused() {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> MAIL.delay(Duration.ofMillis(-1)));

    assertTrue(
        refusal.getMessage().startsWith("delay of PT-0.001S: must be between PT0S and "),
        refusal.getMessage());
  }

  @Test
  void a_dedupe_key_of_a_megabyte_is_refused() {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> MAIL.dedupeKey("k".repeat(1 << 20)));

    assertEquals(
        "dedupe key of 1,048,576 characters: at most 255 are allowed", refusal.getMessage());
  }

  @Test
  void names_that_no_store_can_keep_are_refused() {
    var tooLong = "n".repeat(NewJob.NAME_LIMIT + 1);
    List<Callable<NewJob>> refused =
        List.of(
            () -> NewJob.json("", "1"),
            () -> NewJob.json(tooLong, "1"),
            () -> NewJob.json("a\0b", "1"),
            () -> NewJob.json("lone \uD834", "1"),
            () -> MAIL.dedupeKey(""),
            () -> MAIL.affinityKey(tooLong),
            () -> MAIL.affinityKey("\uDD1E"),
            () -> MAIL.tags("with,comma"),
            () -> MAIL.tags(""),
            () -> MAIL.requires("gpu,arm"),
            () -> MAIL.tags(manyNames()),
            () -> MAIL.requires(manyNames()),
            () -> MAIL.maxAttempts(0));

    for (int i = 0; i < refused.size(); i++) {
      assertThrows(IllegalArgumentException.class, refused.get(i)::call, "refusal " + i);
    }
  }

  private static String[] manyNames() {
    return IntStream.rangeClosed(0, NewJob.NAMES_LIMIT)
        .mapToObj(i -> "n" + i)
        .toArray(String[]::new);
  }

  @Test
  void a_payload_may_be_as_long_as_the_limit_in_bytes_and_no_longer() {
    var quern = store.manual(store.config().payloadLimit(1_000));
    var fits = "\"" + "é".repeat(499) + "\"";

    quern.enqueue(NewJob.json("mail", fits));

    var refusal =
        assertThrows(
            IllegalArgumentException.class, () -> quern.enqueue(NewJob.json("mail", fits + " ")));
    assertEquals(
        "payload of 1,001 bytes: at most 1,000 are allowed; keep long data elsewhere and its"
            + " name here",
        refusal.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> quern.enqueue(NewJob.of("mail", new Mail("é".repeat(491), 1))));
    assertEquals(1, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_payload_larger_than_all_that_may_wait_for_the_writer_gets_in() {
    var quern = store.open(store.config().payloadLimit(100 << 20));

    long id = quern.enqueue(NewJob.json("mail", "\"" + "x".repeat(70 << 20) + "\"")).id();

    assertEquals((70 << 20) + 2, quern.jobs().get(id).orElseThrow().payload().length());
  }

  @Test
  void text_that_is_not_json_is_refused_with_the_position() {
    var quern = store.manual();

    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> quern.enqueue(NewJob.json("mail", "{\"to\": oops}")));

    assertTrue(refusal.getMessage().contains("7"), refusal.getMessage());
    assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
    for (String bad : List.of("", "1 2", "{'a':1}", "\"\0\"", "\"\uD834\"", "NaN", "[1,]")) {
      assertThrows(
          IllegalArgumentException.class, () -> quern.enqueue(NewJob.json("mail", bad)), bad);
    }
    assertEquals(0, quern.jobs().counts().of(JobState.READY));
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
