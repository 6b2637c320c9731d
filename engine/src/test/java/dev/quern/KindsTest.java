package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KindsTest {
  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void an_unknown_kind_has_the_default_policy() {
    assertEquals(
        new KindStatus("mail", KindPolicy.DEFAULT, Optional.empty(), Optional.empty()),
        store.manual().kinds().get("mail"));
  }

  @Test
  void a_policy_is_kept_in_the_store() {
    var quern = store.manual();
    var wanted =
        new KindPolicy(
            7,
            3,
            2,
            false,
            new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), false),
            Optional.of(Duration.ofSeconds(90)),
            Optional.of(4),
            Optional.of(8),
            Optional.of(Rate.perSecond(10)),
            true,
            true);

    assertEquals(wanted, quern.kinds().policy("mail", _ -> wanted));

    quern.close();
    assertEquals(wanted, store.manual().kinds().get("mail").policy());
  }

  @Test
  void a_policy_that_is_as_it_should_be_is_not_written_again() throws SQLException {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.rank(3).maxAttempts(2));
    try (var witness = store.connect();
        var statement = witness.createStatement()) {
      long before = statement.executeQuery("pragma data_version").getLong(1);

      var policy = quern.kinds().policy("mail", known -> known.rank(3).maxAttempts(2));

      assertEquals(3, policy.rank());
      assertEquals(before, statement.executeQuery("pragma data_version").getLong(1));
      quern.kinds().policy("mail", known -> known.rank(4));
      assertTrue(before != statement.executeQuery("pragma data_version").getLong(1));
    }
  }

  @Test
  void a_policy_out_of_bounds_is_refused() {
    var policy = KindPolicy.DEFAULT;

    assertThrows(IllegalArgumentException.class, () -> policy.maxAttempts(0));
    assertThrows(IllegalArgumentException.class, () -> policy.maxLosses(-1));
    assertThrows(IllegalArgumentException.class, () -> policy.concurrency(-1));
    assertThrows(IllegalArgumentException.class, () -> policy.timeout(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> Rate.perSecond(0));
    assertThrows(IllegalArgumentException.class, () -> Backoff.constant(Duration.ofDays(31)));
  }

  @Test
  void a_kind_that_no_store_can_keep_is_refused_everywhere() {
    var kinds = store.manual().kinds();

    assertThrows(IllegalArgumentException.class, () -> kinds.policy("", policy -> policy.rank(1)));
    assertThrows(IllegalArgumentException.class, () -> kinds.pause("", "why"));
    assertThrows(IllegalArgumentException.class, () -> kinds.pause("k".repeat(300), "why"));
    assertEquals(List.of(), kinds.list());
  }

  @Test
  void a_paused_kind_is_not_claimed_until_it_is_resumed() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.kinds().pause("mail", "the server is down");
    quern.enqueueAll(jobs("mail", 2));

    assertEquals(0, quern.tick());
    assertEquals(List.of(), quern.claim(ClaimRequest.of("mail")));

    quern.kinds().resume("mail");
    assertEquals(2, quern.tick());
  }

  @Test
  void a_pause_says_since_when_and_why() {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.rank(3));

    quern.kinds().pause("mail", "the server is down");

    var status = quern.kinds().get("mail");
    assertEquals(Optional.of(store.clock.instant()), status.pausedAt());
    assertEquals(Optional.of("the server is down"), status.pauseReason());
    assertEquals(3, status.policy().rank());
    quern.kinds().resume("mail");
    assertEquals(Optional.empty(), quern.kinds().get("mail").pausedAt());
    assertEquals(Optional.empty(), quern.kinds().get("mail").pauseReason());
  }

  @Test
  void a_change_of_the_policy_does_not_end_a_pause() {
    var quern = store.manual();
    quern.kinds().pause("mail", "down");

    quern.kinds().policy("mail", policy -> policy.rank(3));

    assertTrue(quern.kinds().get("mail").pausedAt().isPresent());
  }

  @Test
  void a_job_that_runs_goes_on_while_its_kind_is_paused() {
    var quern = store.manual();
    quern.enqueueAll(jobs("mail", 1));
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();

    quern.kinds().pause("mail", "down");

    assertTrue(lease.renew(Duration.ofMinutes(1)));
    assertTrue(lease.complete());
  }

  @Test
  void a_pause_holds_in_every_process() {
    var here = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    var elsewhere = store.manual();
    here.tick();
    elsewhere.kinds().pause("mail", "down");
    elsewhere.enqueueAll(jobs("mail", 1));

    assertEquals(0, here.tick());

    elsewhere.kinds().resume("mail");
    assertEquals(1, here.tick());
  }

  @Test
  void a_started_engine_goes_on_when_a_kind_is_resumed_elsewhere() {
    var here = store.open().handle("mail", Integer.class, (_, _) -> {});
    var elsewhere = store.manual();
    elsewhere.kinds().pause("mail", "down");
    long id = elsewhere.enqueue(NewJob.json("mail", "1")).id();
    here.start();

    elsewhere.kinds().resume("mail");

    assertTrue(here.jobs().await(id, Duration.ofSeconds(10)).isPresent());
  }

  @Test
  void retired_kinds_are_skipped_and_then_purged() {
    var quern = store.manual();
    var tagged = NewJob.json("topic_route", "\"" + "x".repeat(5_000) + "\"").tags("old");
    quern.enqueueAll(Stream.generate(() -> tagged).limit(1_200).toList());
    var request = ClaimRequest.of("topic_route", "mail");
    long running = quern.claim(request).getFirst().jobId();
    quern.claim(request).getFirst().complete();
    quern.claim(request).getFirst().fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
    quern.claim(request).getFirst().defer(Duration.ofHours(1), "later");
    quern.jobs().cancel(running + 10, "no longer wanted");
    quern.enqueueAll(jobs("mail", 1));

    quern.kinds().policy("topic_route", policy -> policy.retired(true));

    assertEquals(
        List.of("mail"), quern.claim(request.limit(10)).stream().map(Lease::kind).toList());
    assertEquals(1_199, quern.kinds().purgeRetired());
    assertEquals(0, quern.kinds().purgeRetired());
    var left = quern.jobs().list(JobFilter.ALL.kind("topic_route")).jobs();
    assertEquals(List.of(running), left.stream().map(Job::id).toList());
    assertEquals(List.of(), quern.jobs().list(JobFilter.ALL.state(JobState.DONE)).jobs());
    for (JobState state : JobState.values()) {
      assertEquals(
          state == JobState.RUNNING ? 1 : 0,
          quern.jobs().counts().of("topic_route", state),
          state.label());
    }
  }

  @Test
  void a_retired_kind_may_come_back() {
    var quern = store.manual();
    quern.enqueueAll(jobs("mail", 1));
    quern.kinds().policy("mail", policy -> policy.retired(true));
    assertEquals(List.of(), quern.claim(ClaimRequest.of("mail")));

    quern.kinds().policy("mail", policy -> policy.retired(false));

    assertEquals(1, quern.claim(ClaimRequest.of("mail")).size());
  }

  @Test
  void a_list_of_kinds_has_those_with_a_policy_a_pause_or_a_job_by_name() {
    var quern = store.manual();
    quern.enqueueAll(jobs("mail", 1));
    quern.kinds().pause("fax", "no paper");
    quern.kinds().policy("sms", policy -> policy.rank(3));

    assertEquals(
        List.of("fax", "mail", "sms"),
        quern.kinds().list().stream().map(KindStatus::kind).toList());
  }

  @Test
  void a_long_reason_of_a_pause_is_cut() {
    var quern = store.manual();

    quern.kinds().pause("mail", "x".repeat(1 << 20) + "\0");

    var reason = quern.kinds().get("mail").pauseReason().orElseThrow();
    assertEquals(Failure.MESSAGE_LIMIT, reason.length());
    assertTrue(reason.endsWith("…"));
  }

  private static List<NewJob> jobs(String kind, int count) {
    return Stream.generate(() -> NewJob.json(kind, "1")).limit(count).toList();
  }
}
