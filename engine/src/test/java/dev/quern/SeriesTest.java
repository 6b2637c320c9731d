package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.SeriesQuery.Metric;
import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeriesTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final NewJob FAX = NewJob.json("fax", "1");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @RegisterExtension final TestStore store = new TestStore();

  /// The clock goes to the next whole minute.
  private Instant minute() {
    store.clock.advance(
        Duration.ofMillis(60_000 - Math.floorMod(store.clock.instant().toEpochMilli(), 60_000L)));
    return store.clock.instant();
  }

  private static SeriesQuery minutes(Metric metric, Instant from, int count) {
    return SeriesQuery.of(metric, from, from.plus(MINUTE.multipliedBy(count))).step(MINUTE);
  }

  private static List<Long> all(Series series) {
    assertEquals(List.of(Series.ALL), List.copyOf(series.byKind().keySet()));
    return series.byKind().get(Series.ALL);
  }

  @Test
  void jobs_are_counted_when_they_are_enqueued_and_when_they_end_and_empty_buckets_are_zero() {
    var quern = store.manual();
    Instant start = minute();
    quern.enqueueAll(List.of(MAIL, MAIL, FAX));
    minute();
    minute();
    store.clock.advance(MINUTE.minusMillis(1));
    quern.enqueue(MAIL);
    var leases = quern.claim(ClaimRequest.of("mail", "fax").limit(4));
    leases.get(0).complete();
    leases.get(1).fail(new Failure(FailureClass.UNRECOVERABLE, "x", "y"));
    store.clock.advance(Duration.ofMillis(1));
    leases.get(2).complete();
    quern.jobs().cancel(quern.enqueue(FAX).id(), "no more");

    var jobs = quern.jobs();
    assertEquals(List.of(3L, 0L, 1L, 1L), all(jobs.series(minutes(Metric.ENQUEUED, start, 4))));
    assertEquals(List.of(0L, 0L, 1L, 1L), all(jobs.series(minutes(Metric.DONE, start, 4))));
    assertEquals(List.of(0L, 0L, 1L, 0L), all(jobs.series(minutes(Metric.FAILED, start, 4))));
    assertEquals(List.of(0L, 0L, 0L, 1L), all(jobs.series(minutes(Metric.CANCELLED, start, 4))));
    assertEquals(
        List.of(0L, 1L), all(jobs.series(minutes(Metric.ENQUEUED, start.plusSeconds(60), 2))));
  }

  @Test
  void each_kind_is_counted_for_itself_those_with_the_most_jobs_first() {
    var quern = store.manual();
    Instant start = minute();
    quern.enqueueAll(List.of(FAX, MAIL, MAIL, MAIL.requires("gpu"), NewJob.json("sms", "1")));
    var query = minutes(Metric.ENQUEUED, start, 1);

    var series = quern.jobs().series(query.eachKind());

    assertEquals(
        List.of("mail", "fax", "sms"), List.copyOf(series.byKind().keySet()), "by number, name");
    assertEquals(List.of(3L), series.byKind().get("mail"));
    assertEquals(Optional.empty(), series.others());
    assertEquals(
        Map.of("fax", List.of(1L)), quern.jobs().series(query.eachKind().kind("fax")).byKind());
    assertEquals(List.of(1L), all(quern.jobs().series(query.kind("fax"))));
    assertEquals(List.of(0L), all(quern.jobs().series(query.kind("none"))));
    assertEquals(Map.of(), quern.jobs().series(query.eachKind().kind("none")).byKind());
  }

  @Test
  void kinds_beyond_the_limit_are_counted_together() {
    var quern = store.manual();
    Instant start = minute();
    quern.enqueue(NewJob.json("zz", "1"));
    quern.enqueueAll(
        IntStream.rangeClosed(1, SeriesQuery.KINDS_LIMIT + 1)
            .mapToObj(i -> NewJob.json("kind-%03d".formatted(i), "1"))
            .toList());
    quern.enqueue(NewJob.json("zz", "1"));

    var series = quern.jobs().series(minutes(Metric.ENQUEUED, start, 1).eachKind());

    assertEquals(SeriesQuery.KINDS_LIMIT, series.byKind().size());
    assertEquals(List.of(2L), series.byKind().get("zz"));
    assertEquals(Optional.of(List.of(2L)), series.others());
  }

  @Test
  void a_tenant_counts_its_own_jobs() {
    var quern = store.manual();
    quern.access().tenants().create("acme", policy -> policy).orElseThrow();
    quern.access().tenants().create("other", policy -> policy).orElseThrow();
    Instant start = minute();
    quern.enqueueAll(List.of(MAIL, MAIL));
    quern.tenant("other").enqueueAll(List.of(MAIL, FAX));
    quern.tenant("acme").enqueueAll(List.of(MAIL));
    for (Lease lease : quern.claim(ClaimRequest.of("mail", "fax").limit(5))) {
      lease.complete();
    }

    for (Metric metric : List.of(Metric.ENQUEUED, Metric.DONE)) {
      var query = minutes(metric, start, 1);
      assertEquals(List.of(5L), all(quern.jobs().series(query)));
      assertEquals(List.of(1L), all(quern.tenant("acme").jobs().series(query)));
      assertEquals(
          Map.of("mail", List.of(1L)),
          quern.tenant("acme").jobs().series(query.eachKind()).byKind());
    }
  }

  @Test
  void what_a_callers_transaction_enqueues_or_ends_is_counted_with_the_rest() throws SQLException {
    var quern = store.manual();
    Instant start = minute();
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      quern.enqueueAll(connection, List.of(MAIL, MAIL));
      connection.commit();
      quern.enqueue(connection, MAIL);
      connection.rollback();
    }
    quern
        .handle(
            "mail",
            Integer.class,
            (_, context) -> {
              try (var connection = store.connect()) {
                connection.setAutoCommit(false);
                context.complete(connection);
                connection.commit();
              }
            })
        .start();
    quern.tick();

    assertEquals(List.of(2L), all(quern.jobs().series(minutes(Metric.ENQUEUED, start, 1))));
    assertEquals(List.of(2L), all(quern.jobs().series(minutes(Metric.DONE, start, 1))));
  }

  @Test
  void a_job_that_waited_for_its_transaction_is_counted_when_it_was_created() throws SQLException {
    var quern = store.manual();
    Instant start = minute();
    quern.enqueue(MAIL);
    // It has a later id than those of the next minute.
    store.clock.advance(MINUTE);
    quern.enqueueAll(List.of(MAIL, MAIL));
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.execute("update quern_job set created_at = created_at - 60000 where id = 3");
    }

    assertEquals(List.of(2L, 1L), all(quern.jobs().series(minutes(Metric.ENQUEUED, start, 2))));
    assertEquals(List.of(2L), all(quern.jobs().series(minutes(Metric.ENQUEUED, start, 1))));
    Instant next = start.plus(MINUTE);
    assertEquals(List.of(1L), all(quern.jobs().series(minutes(Metric.ENQUEUED, next, 1))));
    var seconds = minutes(Metric.ENQUEUED, next, 1).step(Duration.ofSeconds(1));
    assertEquals(1L, all(quern.jobs().series(seconds)).stream().mapToLong(n -> n).sum());
  }

  @Test
  void deleted_jobs_leave_gaps_that_the_search_for_a_time_steps_over() {
    long seed = Long.getLong("quern.seed", System.nanoTime());
    System.out.println("SeriesTest: -Dquern.seed=" + seed);
    var random = new Random(seed);
    var quern = store.manual();
    Instant start = minute();
    var kept = new long[20];
    for (int i = 0; i < kept.length; i++) {
      int jobs = random.nextInt(4);
      for (var job : quern.enqueueAll(Collections.nCopies(jobs, MAIL))) {
        if (random.nextBoolean()) {
          quern.jobs().cancel(job.id(), "gap");
          assertTrue(quern.jobs().delete(job.id()));
        } else {
          kept[i]++;
        }
      }
      store.clock.advance(MINUTE);
    }

    for (int from = 0; from < kept.length; from++) {
      var query = minutes(Metric.ENQUEUED, start.plus(MINUTE.multipliedBy(from)), 3);
      int first = from;
      assertEquals(
          IntStream.range(from, from + 3).mapToObj(i -> i < kept.length ? kept[i] : 0L).toList(),
          all(quern.jobs().series(query)),
          () -> "from " + first);
    }
  }

  @Test
  void buckets_lie_on_whole_multiples_of_the_step_around_the_range() {
    var query =
        SeriesQuery.of(
                Metric.DONE,
                Instant.parse("2026-01-01T10:07:00Z"),
                Instant.parse("2026-01-01T11:01:00Z"))
            .step(Duration.ofMinutes(10));

    assertEquals(Instant.parse("2026-01-01T10:00:00Z"), query.start());
    assertEquals(7, query.buckets());
    var series = store.manual().jobs().series(query);
    assertEquals(query.start(), series.start());
    assertEquals(Collections.nCopies(7, 0L), all(series));
  }

  @Test
  void the_step_fits_the_range_unless_it_is_given() {
    Instant to = Instant.parse("2026-01-01T00:00:00Z");

    assertEquals(
        List.of("PT1S", "PT1M", "PT30M", "PT6H", "PT144H", "PT7320H"),
        List.of(
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofDays(1),
                Duration.ofDays(14),
                Duration.ofDays(355),
                Duration.ofDays(18_262))
            .stream()
            .map(range -> SeriesQuery.of(Metric.DONE, to.minus(range), to).step().toString())
            .toList());
  }

  @Test
  void a_range_that_is_empty_or_has_too_many_buckets_is_refused() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    var day = SeriesQuery.of(Metric.DONE, now.minus(Duration.ofDays(1)), now);

    var empty =
        assertThrows(IllegalArgumentException.class, () -> SeriesQuery.of(Metric.DONE, now, now));
    assertTrue(empty.getMessage().contains("from must be before to"), empty.getMessage());
    var many = assertThrows(IllegalArgumentException.class, () -> day.step(Duration.ofSeconds(86)));
    assertEquals(
        "1,005 buckets of PT1M26S: at most 1,000 are allowed; use a longer step",
        many.getMessage());
    assertEquals(1_000, day.step(Duration.ofMillis(86_400)).buckets());
    assertThrows(IllegalArgumentException.class, () -> day.step(Duration.ofMillis(999)));
    assertThrows(
        IllegalArgumentException.class,
        () -> SeriesQuery.of(Metric.DONE, Instant.EPOCH.minusMillis(1), now));
  }
}
