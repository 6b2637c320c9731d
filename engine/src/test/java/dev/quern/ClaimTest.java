package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import dev.quern.support.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClaimTest {
  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_claim_takes_a_job_for_the_length_of_the_lease_and_counts_it() {
    var quern = store.manual();
    long id = quern.enqueue(NewJob.json("mail", "[1]")).id();

    var lease = quern.claim(ClaimRequest.of("mail").lease(Duration.ofSeconds(30))).getFirst();

    assertEquals(id, lease.jobId());
    assertEquals("mail", lease.kind());
    assertEquals("[1]", lease.payload());
    assertEquals(1, lease.attempt());
    assertEquals(1, lease.fence());
    assertEquals(store.clock.instant().plusSeconds(30), lease.until());
    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.RUNNING, job.state());
    assertEquals(1, job.attempts());
    assertEquals(1, job.fence());
    assertEquals(lease.until(), job.leaseUntil().orElseThrow());
    assertEquals(store.clock.instant(), job.startedAt().orElseThrow());
    assertTrue(job.owner().isPresent());
  }

  @Test
  void nothing_ready_is_an_empty_answer() {
    var quern = store.manual();
    quern.enqueue(NewJob.json("mail", "1").delay(Duration.ofSeconds(1)));

    assertEquals(List.of(), quern.claim(ClaimRequest.of("mail")));
    assertEquals(List.of(), quern.claim(ClaimRequest.of()));
  }

  @Test
  void smaller_priorities_come_first_then_earlier_times_then_smaller_ids() {
    var quern = store.manual();
    quern.enqueue(NewJob.json("mail", "6").priority(7));
    quern.enqueue(NewJob.json("mail", "4").priority(5).delay(Duration.ofSeconds(2)));
    quern.enqueue(NewJob.json("mail", "3").priority(5).delay(Duration.ofSeconds(1)));
    quern.enqueue(NewJob.json("mail", "1").priority(5));
    quern.enqueue(NewJob.json("mail", "2").priority(5));
    quern.enqueue(NewJob.json("mail", "0").priority(-1));
    store.clock.advance(Duration.ofSeconds(2));
    quern.enqueue(NewJob.json("mail", "5").priority(5));

    assertEquals(IntStream.range(0, 7).boxed().toList(), payloads(quern, ClaimRequest.of("mail")));
  }

  @Test
  void the_order_is_the_same_when_each_claim_takes_one() {
    var quern = store.manual();
    List.of(3, 1, 2, 0).forEach(i -> quern.enqueue(NewJob.json("mail", "" + i).priority(i)));
    var order = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      order.add(quern.claim(ClaimRequest.of("mail")).getFirst().payload());
    }

    assertEquals(List.of("0", "1", "2", "3"), order);
  }

  @Test
  void the_rank_of_a_kind_is_the_priority_of_its_jobs_and_a_job_may_have_its_own() {
    var quern = store.manual();
    quern.kinds().policy("extract", policy -> policy.rank(4));
    quern.kinds().policy("seal", policy -> policy.rank(1));
    quern.kinds().policy("append", policy -> policy.rank(3));
    quern.enqueue(NewJob.json("extract", "3"));
    quern.enqueue(NewJob.json("append", "2"));
    quern.enqueue(NewJob.json("extract", "0").priority(0));
    quern.enqueue(NewJob.json("seal", "1"));

    assertEquals(
        List.of(0, 1, 2, 3), payloads(quern, ClaimRequest.of("extract", "append", "seal")));
  }

  @Test
  void a_claim_that_takes_few_of_many_lanes_takes_the_best_of_all() {
    var quern = store.manual();
    var kinds = new String[] {"a", "b", "c"};
    for (int i = 0; i < 30; i++) {
      quern.enqueue(NewJob.json(kinds[(i * 7) % 3], "" + (29 - i)).priority(29 - i));
    }
    var request = ClaimRequest.of(kinds).limit(4);

    var order = new ArrayList<Integer>();
    for (var claimed = quern.claim(request); !claimed.isEmpty(); claimed = quern.claim(request)) {
      claimed.forEach(lease -> order.add(Integer.valueOf(lease.payload())));
    }

    assertEquals(IntStream.range(0, 30).boxed().toList(), order);
  }

  /// However the best jobs are spread: one lane may have all of them, or each some.
  @Test
  void a_claim_of_many_jobs_takes_the_best_of_all_lanes_however_they_are_spread() {
    var quern = store.manual();
    var random = new Random(Trust.seed("ClaimTest"));
    var kinds = List.of("a", "b", "c", "d", "e");
    var jobs = new ArrayList<NewJob>();
    for (int i = 0; i < 600; i++) {
      var kind = i < 250 ? "a" : kinds.get(random.nextInt(5));
      jobs.add(NewJob.json(kind, "" + i).priority(i < 250 ? 0 : random.nextInt(50)));
    }
    quern.enqueueAll(jobs);
    var expected = new ArrayList<>(IntStream.range(0, 600).boxed().toList());
    expected.sort(Comparator.comparing(i -> jobs.get(i).priority().orElseThrow()));
    var request = ClaimRequest.of(kinds.toArray(String[]::new));

    for (int from = 0; from < 600; from += 100) {
      assertEquals(expected.subList(from, from + 100), payloads(quern, request));
    }
  }

  @Test
  void jobs_of_kinds_that_nobody_serves_are_left_exactly_as_they_are() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    long unserved = quern.enqueue(NewJob.json("fax", "1")).id();
    var before = quern.jobs().get(unserved);
    quern.enqueue(NewJob.json("mail", "2"));

    assertEquals(1, quern.tick());
    store.clock.advance(Duration.ofDays(30));
    assertEquals(0, quern.tick());

    assertEquals(before, quern.jobs().get(unserved));
  }

  @Test
  void a_worker_needs_all_the_capabilities_that_a_job_requires() {
    var quern = store.manual();
    quern.enqueue(NewJob.json("infer", "0").requires("gpu", "arm"));
    quern.enqueue(NewJob.json("infer", "1").requires("gpu"));
    quern.enqueue(NewJob.json("infer", "2"));
    var infer = ClaimRequest.of("infer");

    assertEquals(List.of(2), payloads(quern, infer));
    assertEquals(List.of(), payloads(quern, infer.capabilities("arm", "tpu")));
    assertEquals(List.of(1), payloads(quern, infer.capabilities("gpu", "tpu")));
    assertEquals(List.of(0), payloads(quern, infer.capabilities("arm", "gpu", "tpu")));
  }

  @Test
  void an_engine_runs_what_its_own_capabilities_allow() {
    var ran = new ArrayList<Integer>();
    var quern = store.manual(store.config().capabilities(Set.of("gpu")));
    quern.handle("infer", Integer.class, (i, _) -> ran.add(i)).start();
    quern.enqueue(NewJob.json("infer", "1").requires("gpu"));
    quern.enqueue(NewJob.json("infer", "2").requires("gpu", "arm"));
    quern.enqueue(NewJob.json("infer", "3"));

    quern.tick();

    assertEquals(List.of(1, 3), ran);
  }

  @Test
  void with_more_lanes_than_one_claim_looks_at_all_of_them_are_served() {
    var quern = store.manual();
    var kinds = IntStream.range(0, 300).mapToObj(i -> "kind-" + i).toList();
    for (int round = 0; round < 3; round++) {
      quern.enqueueAll(kinds.stream().map(kind -> NewJob.json(kind, "1")).toList());
    }
    var request = ClaimRequest.of(kinds.toArray(String[]::new)).limit(100);
    var perKind = new ConcurrentHashMap<String, Integer>();

    for (int claim = 0; claim < 9; claim++) {
      var claimed = quern.claim(request);
      assertEquals(100, claimed.size());
      claimed.forEach(lease -> perKind.merge(lease.kind(), 1, Integer::sum));
    }

    assertEquals(Set.copyOf(kinds), perKind.keySet());
    assertEquals(Set.of(3), Set.copyOf(perKind.values()));
  }

  @Test
  void a_job_in_a_lane_behind_many_empty_ones_is_found_by_the_first_claim() {
    var before = store.manual();
    var kinds = IntStream.range(0, 600).mapToObj(i -> "kind-" + i).toArray(String[]::new);
    before.enqueueAll(
        Stream.of(kinds).map(kind -> NewJob.json(kind, "1").delay(Duration.ofDays(1))).toList());
    long id = before.enqueue(NewJob.json("kind-599", "1")).id();

    var claimed = store.manual().claim(ClaimRequest.of(kinds));

    assertEquals(List.of(id), claimed.stream().map(Lease::jobId).toList());
  }

  @Test
  void a_started_engine_finds_what_another_enqueues_in_any_of_many_lanes() {
    var here = store.open();
    for (int i = 0; i < 300; i++) {
      here.handle("kind-" + i, Integer.class, (_, _) -> {});
    }
    here.enqueueAll(IntStream.range(0, 300).mapToObj(i -> NewJob.json("kind-" + i, "1")).toList());
    here.start();
    TestStore.eventually(() -> here.jobs().counts().of(JobState.DONE) == 300);
    var elsewhere = store.manual();
    for (int i = 299; i >= 0; i -= 23) {
      long id = elsewhere.enqueue(NewJob.json("kind-" + i, "1")).id();

      assertTrue(here.jobs().await(id, Duration.ofSeconds(10)).isPresent(), "kind-" + i);
    }
  }

  @Test
  void ten_workers_that_claim_at_the_same_time_never_share_a_job() throws Exception {
    var quern = store.open();
    quern.enqueueAll(
        IntStream.range(0, 2_000).mapToObj(i -> NewJob.json("kind-" + i % 3, "1")).toList());
    var taken = new ConcurrentHashMap<Long, Lease>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var workers =
          threads.invokeAll(
              Collections.<Callable<Object>>nCopies(
                  10, Executors.callable(() -> drain(quern, taken))));
      for (var worker : workers) {
        worker.get();
      }
    }
    assertEquals(2_000, taken.size());
    assertEquals(2_000, quern.jobs().counts().of(JobState.RUNNING));
  }

  /// Claims until there is nothing; no job may have been taken before.
  private static void drain(Quern quern, Map<Long, Lease> taken) {
    var request = ClaimRequest.of("kind-0", "kind-1", "kind-2").limit(7);
    for (var claimed = quern.claim(request); !claimed.isEmpty(); claimed = quern.claim(request)) {
      for (Lease lease : claimed) {
        assertEquals(1, lease.fence());
        assertNull(taken.put(lease.jobId(), lease));
      }
    }
  }

  @Test
  void two_engines_on_one_file_run_each_job_once() throws Exception {
    var runs = new ConcurrentHashMap<Long, Integer>();
    Handler<Integer> handler = (_, context) -> runs.merge(context.jobId(), 1, Integer::sum);
    var first = store.open(store.config().concurrency(5)).handle("mail", Integer.class, handler);
    var second = store.open(store.config().concurrency(5)).handle("mail", Integer.class, handler);
    first.start();
    second.start();
    List<Callable<Long>> enqueuers =
        List.of(() -> first.enqueueEach(mails(600)), () -> second.enqueueEach(mails(600)));

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var enqueuer : threads.invokeAll(enqueuers)) {
        assertEquals(600, enqueuer.get());
      }
    }
    TestStore.eventually(() -> first.jobs().counts().of(JobState.DONE) == 1_200);

    assertEquals(1_200, runs.size());
    assertEquals(Set.of(1), Set.copyOf(runs.values()));
  }

  private static Stream<NewJob> mails(int count) {
    return IntStream.range(0, count).mapToObj(i -> NewJob.json("mail", "" + i));
  }

  @Test
  void a_request_out_of_bounds_is_refused() {
    var request = ClaimRequest.of("mail");

    assertThrows(IllegalArgumentException.class, () -> request.limit(0));
    assertThrows(IllegalArgumentException.class, () -> request.limit(1_001));
    assertThrows(IllegalArgumentException.class, () -> request.lease(Duration.ofMillis(999)));
    assertThrows(IllegalArgumentException.class, () -> request.lease(Duration.ofMinutes(61)));
  }

  @Test
  void a_kind_has_one_handler() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {});

    assertThrows(
        IllegalStateException.class, () -> quern.handle("mail", Integer.class, (_, _) -> {}));
  }

  @Test
  void a_handler_added_after_the_start_finds_the_jobs_that_wait_for_it() throws Exception {
    var quern = store.open().start();
    long id = quern.enqueue(NewJob.json("mail", "1")).id();

    quern.handle("mail", Integer.class, (_, _) -> {});

    assertEquals(
        JobState.DONE,
        quern.jobs().await(id, Duration.ofSeconds(10)).map(Job::state).orElseThrow());
  }

  private static List<Integer> payloads(Quern quern, ClaimRequest request) {
    return quern.claim(request.limit(100)).stream()
        .map(lease -> Integer.valueOf(lease.payload()))
        .toList();
  }
}
