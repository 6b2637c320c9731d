package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RetentionTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void by_default_done_and_cancelled_jobs_are_kept_for_a_week_and_failed_ones_for_ninety_days() {
    var quern = store.manual();
    endInEveryWay(quern);

    pass(quern, Duration.ofDays(7));
    assertEquals(List.of(1L, 1L, 1L), ended(quern));
    pass(quern, Duration.ofMillis(1));
    assertEquals(List.of(0L, 1L, 0L), ended(quern));

    pass(quern, Duration.ofDays(83).minusMillis(1));
    assertEquals(List.of(0L, 1L, 0L), ended(quern));
    pass(quern, Duration.ofMillis(1));
    assertEquals(List.of(0L, 0L, 0L), ended(quern));
  }

  @Test
  void each_state_has_its_own_period_and_one_without_is_kept_for_ever() {
    var quern =
        store.manual(
            store
                .config()
                .retention(
                    Map.of(JobState.DONE, Duration.ofHours(1), JobState.CANCELLED, Duration.ZERO)));
    endInEveryWay(quern);

    pass(quern, Duration.ofMillis(1));
    assertEquals(List.of(1L, 1L, 0L), ended(quern));
    pass(quern, Duration.ofHours(1));
    assertEquals(List.of(0L, 1L, 0L), ended(quern));
    pass(quern, Duration.ofDays(3650));
    assertEquals(List.of(0L, 1L, 0L), ended(quern));
  }

  @Test
  void attempts_tags_log_and_long_payload_go_with_the_job() throws SQLException {
    var quern =
        store
            .manual()
            .handle(
                "mail",
                String.class,
                (_, context) -> {
                  context.log("attempt " + context.attempt());
                  if (context.attempt() == 1) {
                    throw new IllegalStateException("down");
                  }
                })
            .start();
    quern.enqueue(NewJob.of("mail", "x".repeat(5_000)).tags("red", "blue"));
    quern.tick();
    pass(quern, Duration.ofHours(2));
    var tables = List.of("job", "attempt", "tag", "log", "payload");
    assertEquals(List.of(1L, 1L, 2L, 2L, 1L), rows(tables));

    pass(quern, Duration.ofDays(8));

    assertEquals(List.of(0L, 0L, 0L, 0L, 0L), rows(tables));
    assertEquals(0, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void live_jobs_are_kept_for_ever() {
    var quern = store.manual();
    quern.enqueue(MAIL.delay(Duration.ofDays(3000)));
    quern.enqueue(NewJob.json("unserved", "1"));

    pass(quern, Duration.ofDays(2999));

    assertEquals(1, quern.jobs().counts().of(JobState.SCHEDULED));
    assertEquals(1, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void ended_jobs_of_a_kind_that_keeps_them_are_spared_until_it_no_longer_does() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.keepsEnded(true));
    endInEveryWay(quern);
    quern.enqueue(NewJob.json("fax", "1"));
    quern.claim(ClaimRequest.of("fax")).getFirst().complete();

    pass(quern, Duration.ofDays(1000));
    assertEquals(List.of(1L, 1L, 1L), ended(quern));
    assertEquals(0, quern.jobs().counts().of("fax", JobState.DONE));

    quern.kinds().policy("mail", policy -> policy.keepsEnded(false));
    quern.tick();
    assertEquals(List.of(0L, 0L, 0L), ended(quern));
  }

  @Test
  void any_number_of_jobs_is_deleted_and_the_counters_follow() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.enqueueAll(Stream.generate(() -> MAIL.tags("red")).limit(2_100).toList());
    quern.tick();
    store.clock.advance(Duration.ofDays(4));
    quern.enqueueAll(Stream.generate(() -> MAIL.tags("red")).limit(200).toList());
    quern.tick();
    assertEquals(2_300, quern.jobs().counts().of(JobState.DONE));

    pass(quern, Duration.ofDays(4));

    assertEquals(200, quern.jobs().counts().of(JobState.DONE));
    assertEquals(200, quern.jobs().list(JobFilter.ALL.tag("red").limit(1_000)).jobs().size());
  }

  @Test
  void a_requeued_job_is_not_deleted_though_it_had_ended_long_ago() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM).getFirst().complete();
    store.clock.advance(Duration.ofDays(6));
    quern.jobs().requeue(id);

    pass(quern, Duration.ofDays(6));
    quern.claim(CLAIM).getFirst().complete();
    pass(quern, Duration.ofDays(6));

    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void an_idle_engine_deletes_what_another_one_ended() {
    var worker = store.manual();
    var idle = store.manual();
    idle.tick();
    endInEveryWay(worker);
    worker.close();
    idle.tick();

    pass(idle, Duration.ofDays(91));

    assertEquals(List.of(0L, 0L, 0L), ended(idle));
  }

  @Test
  void a_started_engine_deletes_when_the_time_has_come() {
    var quern = store.open().handle("mail", Integer.class, (_, _) -> {}).start();
    long id = quern.enqueue(MAIL).id();
    quern.jobs().await(id, Duration.ofSeconds(10)).orElseThrow();

    store.clock.advance(Duration.ofDays(7).plusMillis(1));

    TestStore.eventually(() -> quern.jobs().get(id).isEmpty());
  }

  /// Makes a done, a failed and a cancelled job.
  private static void endInEveryWay(Quern quern) {
    for (int i = 0; i < 3; i++) {
      quern.enqueue(MAIL);
    }
    var leases = quern.claim(CLAIM.limit(3));
    leases.get(0).complete();
    leases.get(1).fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
    leases.get(2).handBack();
    quern.jobs().cancel(leases.get(2).jobId(), "no longer wanted");
    assertEquals(List.of(1L, 1L, 1L), ended(quern));
  }

  private static List<Long> ended(Quern quern) {
    var counts = quern.jobs().counts();
    return Stream.of(JobState.DONE, JobState.FAILED, JobState.CANCELLED)
        .map(state -> counts.of("mail", state))
        .toList();
  }

  private void pass(Quern quern, Duration time) {
    store.clock.advance(time);
    quern.tick();
  }

  private List<Long> rows(List<String> tables) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      var counts = new ArrayList<Long>();
      for (String table : tables) {
        var rows = statement.executeQuery("select count(*) from quern_" + table);
        counts.add(rows.getLong(1));
      }
      return counts;
    }
  }
}
