package dev.quern;

import static dev.quern.Leases.Renewed.CANCEL_REQUESTED;
import static dev.quern.Leases.Renewed.HELD;
import static dev.quern.Leases.Status.ALREADY_SETTLED;
import static dev.quern.Leases.Status.LOST;
import static dev.quern.Leases.Status.OK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.Leases.Ack;
import dev.quern.Leases.Acked;
import dev.quern.Leases.End;
import dev.quern.Leases.Renewal;
import dev.quern.Leases.Status;
import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeasesTest {
  private static final ClaimRequest CLAIM =
      ClaimRequest.of("mail").lease(Duration.ofSeconds(30)).forRemote();
  private static final NewJob JOB = NewJob.json("mail", "1");
  private static final End DONE = new End.Done(Optional.empty(), List.of());
  private static final Failure DOWN = new Failure(FailureClass.TRANSIENT, "down", "down");

  @RegisterExtension final TestStore store = new TestStore();

  private static Lease claimed(Quern quern) {
    quern.enqueue(JOB);
    return quern.claim(CLAIM).getFirst();
  }

  private static List<Lease> claimed(Quern quern, int jobs) {
    quern.enqueueAll(Collections.nCopies(jobs, JOB));
    return quern.claim(CLAIM.limit(jobs));
  }

  private static Ack done(Lease lease) {
    return new Ack(lease.jobId(), lease.fence(), DONE);
  }

  private static List<Status> statuses(Quern quern, List<Ack> acks) {
    return quern.leases().ack(acks).stream().map(Acked::status).toList();
  }

  private static Acked ack(Quern quern, Lease lease, End end) {
    return quern.leases().ack(List.of(new Ack(lease.jobId(), lease.fence(), end))).getFirst();
  }

  private static Leases.Renewed renew(Quern quern, Lease lease, String... lines) {
    return quern
        .leases()
        .renew(
            List.of(
                new Renewal(
                    lease.jobId(),
                    lease.fence(),
                    Duration.ofSeconds(30),
                    Optional.of(0.5),
                    Optional.of("half"),
                    List.of(lines))))
        .getFirst();
  }

  private static Job job(Quern quern, Lease lease) {
    return quern.jobs().get(lease.jobId()).orElseThrow();
  }

  @Test
  void each_end_is_recorded_and_answered_with_the_state_of_the_job() {
    Quern quern = store.manual();

    assertEquals(
        new Acked(OK, Optional.of(JobState.DONE)),
        ack(quern, claimed(quern), new End.Done(Optional.of("{\"a\":1}"), List.of())));
    assertEquals(
        new Acked(OK, Optional.of(JobState.SCHEDULED)),
        ack(quern, claimed(quern), new End.Failed(DOWN, Optional.empty())));
    assertEquals(
        new Acked(OK, Optional.of(JobState.SCHEDULED)),
        ack(quern, claimed(quern), new End.Deferred(Duration.ofHours(1), "later")));
    assertEquals(
        new Acked(OK, Optional.of(JobState.READY)), ack(quern, claimed(quern), new End.Released()));
  }

  @Test
  void a_failure_may_say_when_to_try_again() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);

    ack(quern, lease, new End.Failed(DOWN, Optional.of(Duration.ofSeconds(7))));

    assertEquals(store.clock.instant().plusSeconds(7), job(quern, lease).availableAt());
  }

  @Test
  void an_end_told_of_twice_is_recorded_once() {
    Quern quern = store.manual();
    Lease done = claimed(quern);
    Lease failed = claimed(quern);
    ack(quern, done, DONE);
    ack(quern, failed, new End.Failed(DOWN, Optional.empty()));

    assertEquals(new Acked(ALREADY_SETTLED, Optional.of(JobState.DONE)), ack(quern, done, DONE));
    assertEquals(
        ALREADY_SETTLED, ack(quern, failed, new End.Failed(DOWN, Optional.empty())).status());
    assertEquals(1, quern.jobs().attempts(failed.jobId()).size());
  }

  @Test
  void the_same_end_twice_in_one_call_is_recorded_once() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    Ack ack = new Ack(lease.jobId(), lease.fence(), DONE);

    assertEquals(
        List.of(OK, ALREADY_SETTLED, ALREADY_SETTLED, ALREADY_SETTLED),
        quern.leases().ack(List.of(ack, ack, ack, ack)).stream().map(Acked::status).toList());
  }

  @Test
  void of_many_jobs_in_a_row_the_same_end_twice_is_recorded_once_and_no_other_is_missed() {
    Quern quern = store.manual();
    List<Lease> leases = claimed(quern, 40);
    List<Ack> acks = new ArrayList<>(leases.stream().map(LeasesTest::done).toList());
    acks.add(acks.get(7));

    List<Status> answers = statuses(quern, acks);

    assertEquals(Collections.nCopies(40, OK), answers.subList(0, 40));
    assertEquals(ALREADY_SETTLED, answers.getLast());
    assertEquals(40, quern.jobs().counts().of("mail", JobState.DONE));
  }

  @Test
  void of_many_jobs_in_a_row_one_that_another_has_claimed_since_is_left_to_that() {
    Quern quern = store.manual();
    List<Lease> leases = claimed(quern, 40);
    Lease first = leases.get(20);
    ack(quern, first, new End.Released());
    Lease second = quern.claim(CLAIM).getFirst();
    assertEquals(first.jobId(), second.jobId());

    List<Status> answers = statuses(quern, leases.stream().map(LeasesTest::done).toList());

    assertEquals(39, Collections.frequency(answers, OK));
    assertEquals(JobState.RUNNING, job(quern, second).state());
    assertEquals(OK, ack(quern, second, DONE).status());
  }

  @Test
  void of_many_jobs_in_a_row_one_that_was_lost_keeps_no_other_from_its_end() {
    Quern quern = store.manual();
    List<Lease> leases = claimed(quern, 40);
    Lease other = leases.get(20);
    ack(quern, other, new End.Released());

    List<Status> answers = statuses(quern, leases.stream().map(LeasesTest::done).toList());

    assertEquals(39, Collections.frequency(answers, OK));
    assertEquals(ALREADY_SETTLED, answers.get(20));
    assertEquals(JobState.READY, job(quern, other).state());
  }

  @Test
  void the_end_of_a_lost_attempt_and_of_no_job_is_not_recorded() {
    Quern quern = store.manual();
    Lease lost = claimed(quern);
    store.clock.advance(Duration.ofSeconds(51));
    quern.tick();

    assertEquals(new Acked(LOST, Optional.of(JobState.SCHEDULED)), ack(quern, lost, DONE));
    assertEquals(
        new Acked(LOST, Optional.empty()),
        quern.leases().ack(List.of(new Ack(999, 1, DONE))).getFirst());
  }

  @Test
  void an_expired_lease_holds_until_somebody_takes_the_job_back() {
    Quern quern = store.manual();
    Lease late = claimed(quern);

    store.clock.advance(Duration.ofSeconds(45));

    assertEquals(OK, ack(quern, late, DONE).status());
  }

  @Test
  void a_hundred_ends_are_recorded_in_one_call() {
    Quern quern = store.manual();
    quern.enqueueAll(IntStream.range(0, 100).mapToObj(_ -> JOB).toList());
    List<Ack> acks =
        quern.claim(CLAIM.limit(100)).stream()
            .map(lease -> new Ack(lease.jobId(), lease.fence(), DONE))
            .toList();

    quern.leases().ack(acks);

    assertEquals(100, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void follow_ups_come_with_the_end_and_not_without_it() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    End end = new End.Done(Optional.empty(), List.of(NewJob.json("next", "2")));

    ack(quern, lease, end);
    ack(quern, lease, end);

    assertEquals(1, quern.jobs().counts().of("next", JobState.READY));
  }

  @Test
  void a_refused_follow_up_leaves_all_as_it_was() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    End end = new End.Done(Optional.empty(), List.of(NewJob.json("next", "not JSON")));

    assertThrows(IllegalArgumentException.class, () -> ack(quern, lease, end));
    assertEquals(JobState.RUNNING, job(quern, lease).state());
  }

  @Test
  void a_renewed_lease_lasts_longer_and_keeps_what_was_said() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    store.clock.advance(Duration.ofSeconds(20));

    assertEquals(HELD, renew(quern, lease, "one", "two"));
    assertEquals(HELD, renew(quern, lease, "three"));

    Job job = job(quern, lease);
    assertEquals(store.clock.instant().plusSeconds(30), job.leaseUntil().orElseThrow());
    assertEquals(Optional.of(0.5), job.progress());
    assertEquals(
        List.of("one", "two", "three"),
        quern.jobs().log(job.id()).stream().map(LogLine::text).toList());
  }

  @Test
  void a_log_is_cut_off_at_its_limit() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    String[] lines = IntStream.range(0, 700).mapToObj(String::valueOf).toArray(String[]::new);

    renew(quern, lease, lines);
    renew(quern, lease, lines);

    List<LogLine> log = quern.jobs().log(lease.jobId());
    assertEquals(JobContext.LOG_LINES_LIMIT + 1, log.size());
    assertEquals("299", log.get(999).text());
  }

  @Test
  void a_request_to_cancel_reaches_the_worker_with_its_heartbeat() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    quern.jobs().cancel(lease.jobId(), "enough");

    assertEquals(CANCEL_REQUESTED, renew(quern, lease));
    assertEquals(
        new Acked(OK, Optional.of(JobState.CANCELLED)), ack(quern, lease, new End.Released()));
  }

  @Test
  void a_stale_fence_renews_nothing() {
    Quern quern = store.manual();
    Lease lease = claimed(quern);
    ack(quern, lease, new End.Released());
    quern.claim(CLAIM);

    assertEquals(Leases.Renewed.LOST, renew(quern, lease, "stale"));
    assertEquals(List.of(), quern.jobs().log(lease.jobId()));
  }

  @Test
  void the_lease_of_a_remote_worker_outlives_the_engine_that_gave_it() {
    Quern before = store.manual();
    Lease remote = claimed(before);
    before.close();

    Quern after = store.manual();
    after.tick();

    assertEquals(HELD, renew(after, remote));
    assertEquals(OK, ack(after, remote, DONE).status());
  }

  @Test
  void the_lease_of_a_local_claim_does_not() {
    Quern before = store.manual();
    before.enqueue(JOB);
    before.claim(ClaimRequest.of("mail"));
    before.close();

    Quern after = store.manual();
    store.clock.advance(Duration.ofSeconds(1));
    after.tick();

    assertEquals(1, after.jobs().counts().of(JobState.SCHEDULED));
  }

  @Test
  void a_remote_worker_has_a_while_after_the_start_of_an_engine_to_renew_what_ran_out() {
    Quern before = store.manual();
    Lease remote = claimed(before);
    before.close();
    store.clock.advance(Duration.ofHours(1));

    Quern after = store.manual();
    after.tick();
    store.clock.advance(Duration.ofSeconds(19));
    after.tick();
    assertEquals(HELD, renew(after, remote));
    store.clock.advance(Duration.ofSeconds(51));
    after.tick();

    assertEquals(Leases.Renewed.LOST, renew(after, remote));
    assertEquals(1, job(after, remote).losses());
  }
}
