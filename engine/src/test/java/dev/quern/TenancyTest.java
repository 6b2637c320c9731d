package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.TenantRefusedException.Reason;
import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

class TenancyTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private static Tenancy tenant(Quern quern, String id, UnaryOperator<TenantPolicy> change) {
    quern.access().tenants().create(id, change).orElseThrow();
    return quern.tenant(id);
  }

  private static Tenancy tenant(Quern quern, String id) {
    return tenant(quern, id, policy -> policy);
  }

  private static void refused(Reason reason, Executable call) {
    var refusal = assertThrows(TenantRefusedException.class, call);
    assertEquals(reason, refusal.reason(), refusal.getMessage());
    assertEquals("acme", refusal.tenant());
  }

  // ---- whose a job is

  @Test
  void a_tenants_jobs_are_its_own_and_what_no_tenant_enqueues_is_nobodys() throws SQLException {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    long own = acme.enqueue(MAIL).id();
    long nobodys = quern.enqueue(MAIL).id();
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      long foreign = acme.enqueue(connection, MAIL).id();
      connection.commit();
      assertEquals("acme", quern.jobs().get(foreign).orElseThrow().tenant());
    }
    assertEquals(1, acme.enqueueEach(Stream.of(MAIL)));

    assertEquals("acme", quern.jobs().get(own).orElseThrow().tenant());
    assertEquals("", quern.jobs().get(nobodys).orElseThrow().tenant());
    assertEquals(3, acme.jobs().counts().of(JobState.READY));
    assertEquals(4, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_tenant_that_was_not_created_is_not_there() {
    var quern = store.manual();

    var refused = assertThrows(IllegalArgumentException.class, () -> quern.tenant("acme"));

    assertTrue(refused.getMessage().contains("create it"), refused.getMessage());
  }

  @Test
  void dedupe_keys_are_each_tenants_own() throws SQLException {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    var other = tenant(quern, "other");
    var keyed = MAIL.dedupeKey("welcome");

    long first = acme.enqueue(keyed).id();

    assertTrue(other.enqueue(keyed).isNew());
    assertTrue(quern.enqueue(keyed).isNew());
    assertEquals(new Enqueued(first, false), acme.enqueue(keyed));
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      assertEquals(new Enqueued(first, false), acme.enqueue(connection, keyed));
      connection.rollback();
    }
  }

  @Test
  void follow_ups_belong_to_the_tenant_of_their_job() throws SQLException {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    quern
        .handle(
            "mail",
            Integer.class,
            (i, job) -> {
              job.enqueue(NewJob.json("next", "1"));
              if (i == 2) {
                try (var connection = store.connect()) {
                  connection.setAutoCommit(false);
                  assertTrue(job.complete(connection));
                  connection.commit();
                }
              }
            })
        .start();
    acme.enqueue(MAIL);
    acme.enqueue(NewJob.json("mail", "2"));

    quern.tick();
    acme.enqueue(NewJob.json("hand", "1"));
    var lease = acme.claim(ClaimRequest.of("hand")).getFirst();
    lease.complete("1", List.of(NewJob.json("next", "1")));

    assertEquals(3, acme.jobs().counts().of("next", JobState.READY));
  }

  @Test
  void a_tenant_claims_its_own_jobs_alone_and_the_operator_claims_all() {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    var other = tenant(quern, "other");
    long own = acme.enqueue(MAIL.priority(9)).id();
    other.enqueue(MAIL.priority(1));
    quern.enqueue(MAIL.priority(2));

    var claimed = acme.claim(ClaimRequest.of("mail").limit(10));

    assertEquals(List.of(own), claimed.stream().map(Lease::jobId).toList());
    assertEquals(2, quern.claim(ClaimRequest.of("mail").limit(10)).size());
  }

  @Test
  void a_tenant_that_waits_in_vain_keeps_nobody_else_waiting() throws Exception {
    var quern = store.manual();
    quern.access().tenants().create("acme", policy -> policy);
    quern.access().tenants().create("other", policy -> policy);
    var request = ClaimRequest.of("mail");
    try (var first = quern.tenant("acme").standingClaim(request);
        var second = quern.tenant("other").standingClaim(request)) {
      long job = quern.tenant("other").enqueue(NewJob.json("mail", "1")).id();

      assertEquals(List.of(), first.await(Duration.ZERO));
      assertEquals(job, second.await(Duration.ZERO).getFirst().jobId());
    }
  }

  @Test
  void a_listener_of_a_tenant_hears_of_its_jobs_alone() throws Exception {
    var quern = store.open();
    var acme = tenant(quern, "acme");
    var heard = Collections.synchronizedList(new ArrayList<Long>());
    var enough = new CountDownLatch(1);
    try (var _ =
        acme.listen(event -> {
          heard.add(event.jobId());
          enough.countDown();
        })) {
      long foreign = quern.enqueue(MAIL).id();
      long own = acme.enqueue(MAIL).id();
      quern.jobs().cancel(foreign, "no");
      acme.jobs().cancel(own, "no");

      assertTrue(enough.await(10, TimeUnit.SECONDS));
      assertEquals(List.of(own), List.copyOf(heard));
    }
  }

  @Test
  void a_tenant_lists_its_own_jobs_page_by_page_whatever_it_filters_by() {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    var own = new ArrayList<Long>();
    for (int i = 0; i < 30; i++) {
      own.addFirst(acme.enqueue(MAIL.tags("red")).id());
      quern.enqueue(MAIL.tags("red"));
    }
    for (JobFilter filter :
        List.of(
            JobFilter.ALL,
            JobFilter.ALL.state(JobState.READY),
            JobFilter.ALL.kind("mail"),
            JobFilter.ALL.withoutKinds("none"),
            JobFilter.ALL.withoutStates(JobState.DONE),
            JobFilter.ALL.states(JobState.READY, JobState.DONE).kinds("mail", "none"),
            JobFilter.ALL.tag("red"))) {
      assertEquals(own, listed(acme, filter.limit(7)), filter.toString());
    }
    own.forEach(id -> acme.jobs().cancel(id, "enough"));
    quern
        .jobs()
        .list(JobFilter.ALL.state(JobState.READY))
        .jobs()
        .forEach(job -> quern.jobs().cancel(job.id(), "enough"));

    assertEquals(own, listed(acme, JobFilter.ALL.state(JobState.CANCELLED).limit(7)));
    assertEquals(own, listed(acme, JobFilter.ALL.withoutStates(JobState.READY).limit(7)));
    assertEquals(own.subList(0, 1), listed(acme, JobFilter.ALL.ids(own.getFirst(), 2).limit(1)));
    assertEquals(30, acme.jobs().counts().of(JobState.CANCELLED));
    assertEquals(60, quern.jobs().counts().of(JobState.CANCELLED));
  }

  private static List<Long> listed(Tenancy tenant, JobFilter filter) {
    var ids = new ArrayList<Long>();
    var page = tenant.jobs().list(filter);
    page.jobs().forEach(job -> ids.add(job.id()));
    while (page.next().isPresent()) {
      page = tenant.jobs().list(filter.after(page.next().get()));
      page.jobs().forEach(job -> ids.add(job.id()));
    }
    return ids;
  }

  @Test
  void a_tenant_sees_the_kinds_of_its_jobs() {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    quern.kinds().policy("secret", policy -> policy.rank(1));
    quern.enqueue(NewJob.json("other", "1"));
    acme.enqueue(MAIL);

    assertEquals(List.of("mail"), acme.kinds().stream().map(KindStatus::kind).toList());
  }

  // ---- quotas

  @Test
  void a_tenant_has_no_more_live_jobs_than_its_quota_lets_it() throws SQLException {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(3));
    quern.enqueueAll(Collections.nCopies(10, MAIL));
    acme.enqueueAll(List.of(MAIL, MAIL));

    refused(Reason.LIVE_JOBS, () -> acme.enqueueAll(List.of(MAIL, MAIL)));
    acme.enqueue(MAIL.delay(Duration.ofHours(1)));
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    refused(Reason.LIVE_JOBS, () -> acme.enqueueEach(Stream.of(MAIL)));
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      refused(Reason.LIVE_JOBS, () -> acme.enqueue(connection, MAIL));
      connection.commit();
    }
    assertEquals(3, acme.jobs().list(JobFilter.ALL).jobs().size());

    assertTrue(acme.claim(ClaimRequest.of("mail")).getFirst().complete());
    acme.enqueue(MAIL);
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    assertEquals(Optional.of(new TenantUsage(3, 3)), quern.access().tenants().usage("acme"));
  }

  @Test
  void a_tenant_has_no_more_bytes_of_payload_than_its_quota_lets_it() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.payloadBytes(3_000));
    var text = "\"" + "ä".repeat(999) + "\"";
    acme.enqueue(NewJob.json("mail", text));

    refused(Reason.PAYLOAD_BYTES, () -> acme.enqueue(NewJob.json("mail", text)));
    acme.enqueue(NewJob.json("mail", "\"" + "x".repeat(998) + "\""));
    refused(Reason.PAYLOAD_BYTES, () -> acme.enqueue(MAIL));

    assertEquals(Optional.of(new TenantUsage(2, 3_000)), quern.access().tenants().usage("acme"));
  }

  @Test
  void a_duplicate_of_a_live_job_needs_no_room() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(1).payloadBytes(1));
    var keyed = MAIL.dedupeKey("welcome");
    long live = acme.enqueue(keyed).id();

    assertEquals(new Enqueued(live, false), acme.enqueue(keyed));
    refused(Reason.LIVE_JOBS, () -> acme.enqueueAll(List.of(keyed, MAIL)));
  }

  @Test
  void what_has_ended_or_was_a_duplicate_makes_room_at_once() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(3));
    var keyed = MAIL.dedupeKey("welcome");
    acme.enqueue(keyed);
    for (int i = 0; i < 10; i++) {
      assertFalse(acme.enqueue(keyed).isNew());
      long job = acme.enqueue(MAIL).id();
      refused(Reason.LIVE_JOBS, () -> acme.enqueueAll(List.of(MAIL, MAIL)));
      acme.jobs().cancel(job, "enough");
    }
    for (int i = 0; i < 10; i++) {
      acme.enqueueAll(List.of(MAIL, MAIL));
      refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
      quern.kinds().policy("mail", policy -> policy.retired(true));
      quern.kinds().purgeRetired();
      quern.kinds().policy("mail", policy -> policy.retired(false));
      acme.enqueue(keyed);
    }
  }

  @Test
  void many_live_jobs_are_not_counted_again_and_again() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(5_000));
    acme.enqueueAll(Collections.nCopies(5_000, MAIL));
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    store.clock.advance(Duration.ofMillis(5));
    acme.claim(ClaimRequest.of("mail").limit(2)).forEach(Lease::complete);

    acme.enqueue(MAIL);
    acme.enqueue(MAIL);
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    acme.claim(ClaimRequest.of("mail")).getFirst().complete();
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    store.clock.advance(Duration.ofMillis(5));
    acme.enqueue(MAIL);
  }

  @Test
  void quotas_hold_over_several_processes_and_from_the_next_write_on() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(5));
    var there = store.manual().tenant("acme");
    for (int i = 0; i < 2; i++) {
      acme.enqueue(MAIL);
      there.enqueue(MAIL);
    }
    there.enqueue(MAIL);
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    refused(Reason.LIVE_JOBS, () -> there.enqueue(MAIL));

    quern.access().tenants().update("acme", policy -> policy.liveJobs(6));
    there.enqueue(MAIL);
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
    quern.access().tenants().update("acme", TenantPolicy::withoutQuotas);
    there.enqueueAll(Collections.nCopies(10, MAIL));
    acme.enqueueAll(Collections.nCopies(10, MAIL));
  }

  @Test
  void a_refused_tenant_does_not_hold_up_others() throws Exception {
    var quern = store.open();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(0));
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 64; i++) {
      boolean refused = i % 2 == 0;
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int n = 0; n < 20; n++) {
              if (refused) {
                refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
              } else {
                assertTrue(quern.enqueue(MAIL).isNew());
              }
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(640, quern.jobs().counts().of(JobState.READY));
    assertEquals(0, acme.jobs().counts().of(JobState.READY));
  }

  @Test
  void many_who_enqueue_at_once_stay_within_the_quota() throws Exception {
    var quern = store.open();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(100).payloadBytes(1_000_000));
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 32; i++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int n = 0; n < 10; n++) {
              try {
                acme.enqueue(MAIL);
              } catch (TenantRefusedException _) {
                // Two thirds of them have no room.
              }
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(100, acme.jobs().counts().of(JobState.READY));
  }

  @Test
  void follow_ups_without_room_fail_the_attempt_and_a_chain_of_one_each_goes_on() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(2));
    quern.kinds().policy("mail", policy -> policy.maxAttempts(2));
    quern
        .handle(
            "mail",
            Integer.class,
            (i, job) -> Collections.nCopies(i, NewJob.json("next", "1")).forEach(job::enqueue))
        .start();
    long chain = acme.enqueue(MAIL).id();
    acme.enqueue(NewJob.json("idle", "1"));
    quern.tick();
    assertEquals(JobState.DONE, acme.jobs().get(chain).orElseThrow().state());

    acme.jobs().cancel(acme.jobs().list(JobFilter.ALL.kind("idle")).jobs().getFirst().id(), "");
    long many = acme.enqueue(NewJob.json("mail", "2")).id();
    quern.tick();

    var failed = acme.jobs().get(many).orElseThrow();
    assertEquals(JobState.SCHEDULED, failed.state());
    assertEquals("quota_exceeded", failed.failure().orElseThrow().code());
    assertEquals(1, acme.jobs().counts().of("next", JobState.READY));
  }

  @Test
  void a_job_that_would_live_again_without_room_stays_as_it_is() {
    var quern = store.manual();
    var acme = tenant(quern, "acme", policy -> policy.liveJobs(2).payloadBytes(100));
    var ended = new ArrayList<Long>();
    for (int i = 0; i < 4; i++) {
      long id = acme.enqueue(MAIL).id();
      acme.claim(ClaimRequest.of("mail"))
          .getFirst()
          .fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
      ended.add(id);
    }

    var requeued = acme.jobs().requeueFailed(Optional.empty(), false);

    assertEquals(2, requeued.requeued());
    assertEquals(2, requeued.blockedCount());
    assertTrue(requeued.blocked().getFirst().reason().contains("live jobs"), requeued.toString());
    assertEquals(0, acme.jobs().requeue(ended.getFirst()).requeued());
    refused(Reason.LIVE_JOBS, () -> acme.enqueue(MAIL));
  }

  // ---- suspension

  @Test
  void a_suspended_tenant_enqueues_nothing_and_its_jobs_are_not_claimed() throws SQLException {
    var quern = store.manual();
    var acme = tenant(quern, "acme");
    var there = store.manual();
    var ran = new ArrayList<Integer>();
    there.handle("mail", Integer.class, (i, _) -> ran.add(i)).start();
    long job = acme.enqueue(MAIL).id();
    acme.enqueue(NewJob.json("hand", "1"));
    var running = acme.claim(ClaimRequest.of("hand")).getFirst();

    quern.access().tenants().update("acme", policy -> policy.suspended(true));
    refused(Reason.SUSPENDED, () -> acme.enqueue(MAIL));
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      refused(Reason.SUSPENDED, () -> acme.enqueue(connection, MAIL));
      connection.commit();
    }
    quern.enqueue(NewJob.json("mail", "2"));
    there.tick();
    assertEquals(List.of(2), ran);
    assertEquals(List.of(), acme.claim(ClaimRequest.of("mail")));
    assertEquals(List.of(), quern.claim(ClaimRequest.of("mail")));
    assertTrue(running.complete("1", List.of(NewJob.json("next", "1"))), "what runs goes on");
    assertEquals("suspended", acme.jobs().why(job).orElseThrow().reasons().getFirst().code());

    quern.access().tenants().update("acme", policy -> policy.suspended(false));
    there.tick();
    assertEquals(List.of(2, 1), ran);
  }

  @Test
  void a_started_engine_takes_the_jobs_of_a_tenant_that_is_resumed() {
    var quern = store.open();
    var acme = tenant(quern, "acme");
    quern.handle("mail", Integer.class, (_, _) -> {}).start();
    quern.access().tenants().update("acme", policy -> policy.suspended(true));
    assertThrows(TenantRefusedException.class, () -> acme.enqueue(MAIL));
    quern.access().tenants().update("acme", policy -> policy.suspended(false));
    quern.stop();
    long job = acme.enqueue(MAIL).id();
    quern.access().tenants().update("acme", policy -> policy.suspended(true));
    quern.start();
    assertFalse(
        quern.jobs().await(job, Duration.ofMillis(50)).filter(j -> j.state().ended()).isPresent());

    quern.access().tenants().update("acme", policy -> policy.suspended(false));

    assertTrue(quern.jobs().await(job, Duration.ofSeconds(10)).isPresent());
  }

  // ---- tenants

  @Test
  void tenants_are_created_once_changed_and_listed() {
    var quern = store.manual();
    var tenants = quern.access().tenants();

    var acme = tenants.create("acme", policy -> policy.name("Acme Ltd").liveJobs(7)).orElseThrow();
    assertEquals(Optional.empty(), tenants.create("acme", policy -> policy));
    tenants.create("b-2", policy -> policy);
    assertEquals(Optional.of(acme), tenants.get("acme"));
    assertEquals(List.of("acme", "b-2"), tenants.list().stream().map(Tenant::id).toList());

    store.clock.advance(Duration.ofMinutes(1));
    var suspendedAt = store.clock.instant();
    tenants.update("acme", policy -> policy.suspended(true));
    store.clock.advance(Duration.ofMinutes(1));
    var changed = tenants.update("acme", policy -> policy.payloadBytes(5)).orElseThrow();

    assertEquals(Optional.of(suspendedAt), changed.suspendedAt());
    assertEquals(
        new TenantPolicy("Acme Ltd", Optional.of(7L), Optional.of(5L), true), changed.policy());
    assertEquals(acme.createdAt(), changed.createdAt());
    assertEquals(Optional.empty(), tenants.update("none", policy -> policy));
    assertEquals(Optional.empty(), tenants.usage("none"));
  }

  @Test
  void an_id_that_could_be_taken_for_something_else_is_refused() {
    var tenants = store.manual().access().tenants();
    for (String id :
        List.of("", "A", "a/b", "ä", "a b", "-a", ".", "..", "a\n", "x".repeat(64), "a'b", "a%")) {
      assertThrows(IllegalArgumentException.class, () -> tenants.create(id, p -> p), id);
    }
    assertTrue(tenants.create("x".repeat(63), policy -> policy).isPresent());
  }
}
