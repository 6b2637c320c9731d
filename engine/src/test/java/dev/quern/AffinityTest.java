package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.support.TestStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AffinityTest {
  @RegisterExtension final TestStore store = new TestStore();

  private final List<String> ran = new ArrayList<>();

  @Test
  void jobs_with_the_key_that_ran_last_drain_first() {
    var quern = worker(100);
    enqueue(quern, "a1", "b1", "a2", "c1", "b2", "a3", "c2");

    quern.start().tick();

    assertEquals(List.of("a1", "a2", "a3", "b1", "b2", "c1", "c2"), ran);
  }

  @Test
  void a_claim_of_several_jobs_takes_those_with_the_key_and_then_others() {
    var quern = store.manual();
    enqueue(quern, "a1", "a2", "b1", "a3", "c1", "d1");
    var some = ClaimRequest.of("infer");
    quern.claim(some.limit(1));

    assertEquals(
        List.of("\"a2\"", "\"b1\"", "\"a3\"", "\"c1\""),
        quern.claim(some.limit(4)).stream().map(Lease::payload).toList());
  }

  @Test
  void jobs_without_a_key_wait_for_their_turn_and_end_the_run_of_a_key() {
    var quern = worker(100);
    enqueue(quern, "a1", "-1", "a2", "b1", "-2", "b2");

    quern.start().tick();

    assertEquals(List.of("a1", "a2", "-1", "b1", "b2", "-2"), ran);
  }

  @Test
  void one_key_runs_so_many_times_in_a_row_while_others_wait() {
    var quern = worker(2);
    enqueue(quern, "a1", "b1", "a2", "b2", "a3", "b3", "a4");

    quern.start().tick();

    assertEquals(List.of("a1", "a2", "b1", "b2", "a3", "a4", "b3"), ran);
  }

  @Test
  void a_run_as_long_as_its_limit_goes_on_when_nobody_else_waits() {
    var quern = worker(2);
    enqueue(quern, "a1", "a2", "a3", "a4", "a5");

    quern.start().tick();

    assertEquals(List.of("a1", "a2", "a3", "a4", "a5"), ran);
  }

  @Test
  void priority_goes_before_affinity() {
    var quern = worker(100);
    enqueue(quern, "a1", "a2");
    quern.enqueue(job("b1").priority(50));

    quern.start().tick();

    assertEquals(List.of("b1", "a1", "a2"), ran);
  }

  @Test
  void a_more_urgent_job_that_arrives_during_a_run_goes_next() {
    var quern = store.manual(store.config().concurrency(1));
    quern.handle(
        "infer",
        String.class,
        (name, _) -> {
          ran.add(name);
          if (name.equals("a1")) {
            quern.enqueue(job("b1").priority(50));
          }
        });
    enqueue(quern, "a1", "a2", "b2");

    quern.start().tick();

    assertEquals(List.of("a1", "b1", "b2", "a2"), ran);
  }

  @Test
  void a_claim_by_hand_gets_the_key_that_it_prefers() {
    var quern = store.manual();
    enqueue(quern, "a1", "b1", "a2", "b2", "c1");

    var order = new ArrayList<String>();
    for (String prefer : List.of("b", "b", "c", "a", "a")) {
      order.add(quern.claim(ClaimRequest.of("infer").prefer(prefer)).getFirst().payload());
    }

    assertEquals(List.of("\"b1\"", "\"b2\"", "\"c1\"", "\"a1\"", "\"a2\""), order);
  }

  @Test
  void a_claim_that_prefers_a_key_which_is_not_there_gets_the_oldest_job() {
    var quern = store.manual();
    enqueue(quern, "a1", "b1");

    var claimed = quern.claim(ClaimRequest.of("infer").prefer("z"));

    assertEquals("\"a1\"", claimed.getFirst().payload());
  }

  @Test
  void a_preferred_key_decides_among_equal_priorities_only() {
    var quern = store.manual();
    enqueue(quern, "b1");
    quern.enqueue(job("a1").priority(50));

    var claimed = quern.claim(ClaimRequest.of("infer").prefer("b"));

    assertEquals("\"a1\"", claimed.getFirst().payload());
  }

  @Test
  void a_claim_of_several_takes_the_preferred_and_then_the_oldest() {
    var quern = store.manual();
    enqueue(quern, "a1", "b1", "a2", "b2");

    var claimed = quern.claim(ClaimRequest.of("infer").prefer("b").limit(3));

    assertEquals(
        List.of("\"a1\"", "\"b1\"", "\"b2\""), claimed.stream().map(Lease::payload).toList());
  }

  /// Runs one job at a time, once it is started.
  private Quern worker(int affinityRun) {
    var quern = store.manual(store.config().concurrency(1).affinityRun(affinityRun));
    return quern.handle("infer", String.class, (name, _) -> ran.add(name));
  }

  private static void enqueue(Quern quern, String... names) {
    for (String name : names) {
      quern.enqueue(job(name));
    }
  }

  /// The first letter is the key, `-` is none.
  private static NewJob job(String name) {
    var job = NewJob.of("infer", name);
    return name.startsWith("-") ? job : job.affinityKey(name.substring(0, 1));
  }
}
