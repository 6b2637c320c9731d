package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReclaimTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final ClaimRequest CLAIM = ClaimRequest.of("mail");
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  /// How often an engine looks at the workers of others.
  private static final Duration LOOK = Duration.ofSeconds(1);

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_job_of_a_silent_worker_is_reclaimed_after_the_lease_and_one_heartbeat_more() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM);

    pass(quern, LEASE.plus(HEARTBEAT));
    assertEquals(JobState.RUNNING, state(quern, id));
    pass(quern, LOOK);

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.SCHEDULED, job.state());
    assertEquals(0, job.attempts());
    assertEquals(1, job.losses());
    assertEquals(Optional.empty(), job.leaseUntil());
    assertTrue(job.availableAt().isAfter(store.clock.instant()));
    var attempt = quern.jobs().attempts(id).getFirst();
    assertEquals(Outcome.LOST, attempt.outcome());
    assertEquals(
        Optional.of(new Failure(FailureClass.LOST, "lost", "its lease ran out")),
        attempt.failure());
  }

  @Test
  void a_worker_of_another_live_engine_has_the_same_time() {
    var here = store.manual();
    var elsewhere = store.manual();
    long id = here.enqueue(MAIL).id();
    here.claim(CLAIM);

    pass(elsewhere, LEASE.plus(HEARTBEAT));
    assertEquals(JobState.RUNNING, state(elsewhere, id));
    pass(elsewhere, LOOK);

    assertEquals(JobState.SCHEDULED, state(elsewhere, id));
  }

  @Test
  void the_job_of_a_dead_engine_is_reclaimed_at_once() {
    var dead = store.manual();
    long id = dead.enqueue(MAIL).id();
    dead.claim(CLAIM.lease(Duration.ofHours(1)));
    dead.close();

    var quern = store.manual();
    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.SCHEDULED, job.state());
    assertEquals(1, job.losses());
    assertEquals("its process died", job.failure().orElseThrow().message());
  }

  @Test
  void an_engine_that_dies_while_others_are_at_work_is_noticed_within_a_second() {
    var quern = store.manual();
    var dying = store.manual();
    long id = dying.enqueue(MAIL).id();
    dying.claim(CLAIM.lease(Duration.ofHours(1)));
    quern.tick();
    assertEquals(JobState.RUNNING, state(quern, id));

    dying.close();
    pass(quern, LOOK);

    assertEquals(JobState.SCHEDULED, state(quern, id));
  }

  @Test
  void jobs_of_a_live_engine_are_left_alone_though_another_died() {
    var quern = store.manual();
    var living = store.manual();
    long id = living.enqueue(MAIL).id();
    var lease = living.claim(CLAIM).getFirst();
    var dead = store.manual();
    dead.enqueue(MAIL);
    dead.claim(CLAIM);
    dead.close();

    pass(quern, LOOK);

    assertEquals(JobState.RUNNING, state(quern, id));
    assertTrue(lease.complete());
  }

  @Test
  void all_jobs_of_a_dead_engine_are_reclaimed_page_by_page() {
    var dead = store.manual();
    dead.enqueueAll(Stream.generate(() -> MAIL).limit(750).toList());
    assertEquals(750, dead.claim(CLAIM.limit(1_000)).size());
    dead.close();

    var quern = store.manual();
    quern.tick();

    assertEquals(0, quern.jobs().counts().of(JobState.RUNNING));
    assertEquals(750, quern.jobs().counts().of(JobState.SCHEDULED));
  }

  @Test
  void of_the_jobs_that_were_lost_twice_a_worker_gets_one_at_a_time() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.backoff(Backoff.constant(Duration.ofSeconds(1))));
    quern.enqueueAll(Stream.generate(() -> MAIL).limit(5).toList());
    for (int loss = 1; loss <= 2; loss++) {
      assertEquals(5, quern.claim(CLAIM.limit(10)).size(), "before loss " + loss);
      pass(quern, LEASE.plus(HEARTBEAT).plus(LOOK));
      pass(quern, Duration.ofSeconds(2));
    }
    quern.enqueue(MAIL);

    var first = quern.claim(CLAIM.limit(10));
    var second = quern.claim(CLAIM.limit(10));

    assertEquals(2, first.size(), "one suspect, and the job that was never lost");
    assertEquals(1, second.size(), "each claim may be of another worker");
  }

  @Test
  void a_process_runs_one_job_at_a_time_of_those_that_were_lost_twice() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.backoff(Backoff.constant(Duration.ofSeconds(1))));
    quern.enqueueAll(Stream.generate(() -> MAIL).limit(5).toList());
    for (int loss = 1; loss <= 2; loss++) {
      quern.claim(CLAIM.limit(10));
      pass(quern, LEASE.plus(HEARTBEAT).plus(LOOK));
      pass(quern, Duration.ofSeconds(2));
    }
    var together = new ArrayList<Long>();
    quern.handle(
        "mail", Integer.class, (_, _) -> together.add(quern.jobs().counts().of(JobState.RUNNING)));
    quern.start();

    quern.tick();

    assertEquals(List.of(1L, 1L, 1L, 1L, 1L), together);
  }

  @Test
  void the_loss_of_a_worker_backs_off_and_burns_no_attempt() {
    var quern = store.manual();
    quern
        .kinds()
        .policy(
            "mail",
            policy ->
                policy.backoff(new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), false)));
    long id = quern.enqueue(MAIL.maxAttempts(1)).id();

    for (long minutes : List.of(1, 2, 4, 8)) {
      lose(quern);
      var job = quern.jobs().get(id).orElseThrow();
      assertEquals(store.clock.instant().plusSeconds(60 * minutes), job.availableAt());
      assertEquals(0, job.attempts());
      store.clock.advance(Duration.ofMinutes(minutes));
    }

    assertTrue(quern.claim(CLAIM).getFirst().complete());
  }

  @Test
  void a_job_that_loses_its_worker_too_often_fails() {
    var quern = store.manual();
    quern
        .kinds()
        .policy(
            "mail", policy -> policy.maxLosses(2).backoff(Backoff.constant(Duration.ofSeconds(1))));
    long id = quern.enqueue(MAIL).id();

    lose(quern);
    store.clock.advance(Duration.ofSeconds(1));
    lose(quern);
    assertEquals(JobState.SCHEDULED, state(quern, id));
    store.clock.advance(Duration.ofSeconds(1));
    lose(quern);

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.FAILED, job.state());
    assertEquals(3, job.losses());
    assertEquals(0, job.attempts());
    assertEquals(FailureClass.LOST, job.failure().orElseThrow().failureClass());
    assertEquals(1, quern.jobs().counts().of(JobState.FAILED));
  }

  @Test
  void by_default_the_sixth_loss_is_the_last() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();

    for (int loss = 1; loss <= 5; loss++) {
      lose(quern);
      assertEquals(JobState.SCHEDULED, state(quern, id), "after loss " + loss);
      store.clock.advance(Duration.ofHours(2));
    }
    lose(quern);

    assertEquals(JobState.FAILED, state(quern, id));
  }

  @Test
  void a_kind_that_is_not_charged_for_losses_is_ready_again_at_once_and_for_ever() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.chargesLosses(false).maxLosses(0));
    long id = quern.enqueue(MAIL.maxAttempts(1)).id();

    for (int loss = 0; loss < 10; loss++) {
      lose(quern);
      var job = quern.jobs().get(id).orElseThrow();
      assertEquals(JobState.READY, job.state());
      assertEquals(0, job.losses());
      assertEquals(0, job.attempts());
    }

    assertEquals(
        List.of(Outcome.LOST),
        quern.jobs().attempts(id).stream().map(Attempt::outcome).distinct().toList());
  }

  @Test
  void a_job_that_was_asked_to_stop_is_cancelled_when_its_worker_is_lost() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    quern.claim(CLAIM);
    quern.jobs().cancel(id, "no longer wanted");

    pass(quern, LEASE.plus(HEARTBEAT).plusMillis(1));

    assertEquals(JobState.CANCELLED, state(quern, id));
  }

  @Test
  void an_engine_renews_the_leases_of_its_handlers_as_long_as_they_run() throws Exception {
    var release = new CountDownLatch(1);
    var here = store.open().handle("mail", Integer.class, (_, _) -> release.await()).start();
    var elsewhere = store.manual();
    long id = here.enqueue(MAIL).id();
    TestStore.eventually(() -> !here.running().isEmpty());

    for (int beat = 0; beat < 10; beat++) {
      store.clock.advance(HEARTBEAT);
      var until = store.clock.instant().plus(LEASE);
      TestStore.eventually(
          () -> here.jobs().get(id).orElseThrow().leaseUntil().equals(Optional.of(until)));
      elsewhere.tick();
    }
    release.countDown();

    var job = here.jobs().await(id, Duration.ofSeconds(10)).orElseThrow();
    assertEquals(JobState.DONE, job.state());
    assertEquals(1, job.fence());
  }

  @Test
  void an_engine_that_was_asleep_gives_others_one_heartbeat_before_it_reclaims() {
    var sleeper = store.open().handle("probe", Integer.class, (_, _) -> {}).start();
    var worker = store.manual();
    long id = worker.enqueue(MAIL).id();
    var lease = worker.claim(CLAIM).getFirst();
    probe(sleeper);

    store.clock.advance(Duration.ofHours(8));
    probe(sleeper);
    probe(sleeper);

    assertEquals(JobState.RUNNING, state(sleeper, id));
    assertTrue(lease.renew(LEASE));
    store.clock.advance(HEARTBEAT);
    probe(sleeper);
    assertTrue(lease.complete());
  }

  @Test
  void after_that_heartbeat_it_reclaims() {
    var sleeper = store.open().handle("probe", Integer.class, (_, _) -> {}).start();
    var worker = store.manual();
    long id = worker.enqueue(MAIL).id();
    worker.claim(CLAIM);
    probe(sleeper);

    store.clock.advance(Duration.ofHours(8));
    probe(sleeper);
    for (int second = 0; second <= HEARTBEAT.toSeconds(); second++) {
      store.clock.advance(Duration.ofSeconds(1));
      probe(sleeper);
    }

    TestStore.eventually(() -> state(sleeper, id) == JobState.SCHEDULED);
  }

  /// Under a load at which each look comes later than a heartbeat, it seems asleep all the time.
  @Test
  void an_engine_that_is_always_late_reclaims_after_all() {
    var late = store.open().handle("probe", Integer.class, (_, _) -> {}).start();
    var worker = store.manual();
    long id = worker.enqueue(MAIL).id();
    worker.claim(CLAIM);
    probe(late);

    store.clock.advance(LEASE.plus(HEARTBEAT));
    for (int look = 0; look < 12; look++) {
      store.clock.advance(HEARTBEAT.multipliedBy(2));
      probe(late);
      assertTrue(look > 2 || state(late, id) == JobState.RUNNING, "look " + look);
    }

    TestStore.eventually(() -> state(late, id) != JobState.RUNNING);
  }

  @Test
  void a_clock_that_is_set_back_reclaims_nothing_and_stops_nothing() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(CLAIM).getFirst();

    store.clock.advance(Duration.ofDays(-365));
    quern.tick();

    assertEquals(JobState.RUNNING, state(quern, id));
    assertTrue(lease.complete());
    quern.enqueue(MAIL);
    assertTrue(quern.claim(CLAIM).getFirst().complete());
  }

  /// An engine that was open before the clock was set back is an hour ahead of one that was opened
  /// after.
  @Test
  void leases_of_an_engine_that_is_far_behind_hold_as_long_as_they_are_renewed() {
    store.clock.advance(Duration.ofHours(1));
    var ahead = store.manual().handle("other", Integer.class, (_, _) -> {}).start();
    ahead.tick();
    store.clock.advance(Duration.ofHours(-1));
    var behind = store.manual();
    long id = behind.enqueue(MAIL).id();
    var lease = behind.claim(CLAIM).getFirst();

    for (int i = 0; i < 12; i++) {
      pass(ahead, HEARTBEAT);
      assertTrue(lease.renew(LEASE), "after " + i + " heartbeats");
    }
    for (int i = 0; i < 12; i++) {
      pass(ahead, HEARTBEAT);
    }

    assertEquals(JobState.SCHEDULED, state(ahead, id), "nobody renews it any more");
  }

  @Test
  void dead_engines_are_forgotten() throws SQLException {
    for (int i = 0; i < 20; i++) {
      var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
      quern.enqueue(MAIL);
      quern.tick();
      quern.claim(CLAIM);
      quern.close();
      store.clock.advance(Duration.ofMinutes(2));
    }

    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      long rows = statement.executeQuery("select count(*) from quern_owner").getLong(1);
      assertTrue(rows <= 4, rows + " engines are remembered");
    }
  }

  @Test
  void an_engine_that_only_enqueues_is_not_one_that_could_hold_jobs() throws SQLException {
    var quern = store.manual();
    quern.enqueue(MAIL);

    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      assertFalse(statement.executeQuery("select * from quern_owner").next());
    }
  }

  private void pass(Quern quern, Duration time) {
    store.clock.advance(time);
    quern.tick();
  }

  /// Claims the job and lets its lease run out.
  private void lose(Quern quern) {
    assertEquals(1, quern.claim(CLAIM).size());
    pass(quern, LEASE.plus(HEARTBEAT).plusMillis(1));
  }

  /// Makes a started engine go round.
  private static void probe(Quern quern) {
    long id = quern.enqueue(NewJob.json("probe", "1")).id();
    assertTrue(quern.jobs().await(id, Duration.ofSeconds(10)).isPresent());
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
