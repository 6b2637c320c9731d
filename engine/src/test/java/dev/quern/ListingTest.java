package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ListingTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final NewJob FAX = NewJob.json("fax", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void jobs_come_newest_first() {
    var quern = store.manual();
    var ids = ids(quern.enqueueAll(List.of(MAIL, FAX, MAIL.delay(Duration.ofHours(1)))));

    var page = quern.jobs().list(JobFilter.ALL);

    assertEquals(ids.reversed(), idsOf(page));
    assertEquals(Optional.empty(), page.next());
    assertEquals(quern.jobs().get(ids.getLast()).orElseThrow(), page.jobs().getFirst());
  }

  @Test
  void an_empty_store_has_one_empty_page() {
    assertEquals(new Page(List.of(), Optional.empty()), store.manual().jobs().list(JobFilter.ALL));
  }

  @Test
  void jobs_of_an_ended_state_come_last_ended_first() {
    var quern = store.manual();
    quern.enqueueAll(List.of(MAIL, FAX, MAIL, FAX));
    var leases = new ArrayList<>(quern.claim(ClaimRequest.of("mail", "fax").limit(4)));
    Collections.swap(leases, 0, 3);
    Collections.swap(leases, 1, 2);
    for (Lease lease : leases) {
      lease.complete();
      store.clock.advance(Duration.ofMillis(1));
    }

    assertEquals(
        leases.reversed().stream().map(Lease::jobId).toList(),
        idsOf(quern.jobs().list(JobFilter.ALL.state(JobState.DONE))));
  }

  @Test
  void jobs_that_ended_in_the_same_millisecond_come_by_id() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {});
    quern.handle("fax", Integer.class, (_, _) -> {}).start();
    var ids = ids(quern.enqueueAll(List.of(MAIL, FAX, MAIL, FAX, MAIL, FAX, FAX)));
    quern.tick();

    assertEquals(ids.reversed(), walk(quern, JobFilter.ALL.state(JobState.DONE).limit(2)));
  }

  @Test
  void pages_are_complete_and_without_repetition_while_new_jobs_arrive() {
    var quern = store.manual();
    var ids = ids(quern.enqueueAll(Collections.nCopies(105, MAIL)));
    var seen = new ArrayList<Long>();
    Optional<String> cursor = Optional.empty();
    do {
      var filter = cursor.map(JobFilter.ALL.limit(10)::after).orElse(JobFilter.ALL.limit(10));
      var page = quern.jobs().list(filter);
      seen.addAll(idsOf(page));
      cursor = page.next();
      quern.enqueueAll(Collections.nCopies(7, MAIL));
    } while (cursor.isPresent());

    assertEquals(ids.reversed(), seen);
  }

  @Test
  void pages_of_ended_jobs_are_complete_and_without_repetition_while_others_end() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {});
    quern.handle("fax", Integer.class, (_, _) -> {}).start();
    for (int i = 0; i < 10; i++) {
      quern.enqueueAll(List.of(MAIL, FAX, MAIL));
      quern.tick();
      store.clock.advance(Duration.ofMillis(1));
    }
    var seen = new ArrayList<Long>();
    var filter = JobFilter.ALL.state(JobState.DONE).limit(4);
    var page = quern.jobs().list(filter);
    seen.addAll(idsOf(page));
    while (page.next().isPresent()) {
      quern.enqueueAll(List.of(MAIL, FAX));
      quern.tick();
      page = quern.jobs().list(filter.after(page.next().get()));
      seen.addAll(idsOf(page));
    }

    assertEquals(LongStream.rangeClosed(1, 30).boxed().toList().reversed(), seen);
  }

  @Test
  void every_page_but_the_last_is_full() {
    var quern = store.manual();
    quern.enqueueAll(Collections.nCopies(20, MAIL));

    var first = quern.jobs().list(JobFilter.ALL.limit(10));
    var second = quern.jobs().list(JobFilter.ALL.limit(10).after(first.next().orElseThrow()));

    assertEquals(10, first.jobs().size());
    assertEquals(10, second.jobs().size());
    assertEquals(Optional.empty(), second.next());
  }

  @Test
  void a_filter_names_a_state_a_kind_or_a_tag_or_all_of_them() {
    var quern = store.manual();
    var red = ids(quern.enqueueAll(List.of(MAIL.tags("red"), FAX.tags("red", "blue"))));
    var plain = ids(quern.enqueueAll(List.of(MAIL, FAX)));
    long later = quern.enqueue(MAIL.tags("red").delay(Duration.ofHours(1))).id();
    quern.jobs().cancel(plain.getLast(), "no longer wanted");
    var all = JobFilter.ALL;

    assertEquals(
        List.of(plain.getFirst(), red.getLast(), red.getFirst()),
        list(quern, all.state(JobState.READY)));
    assertEquals(List.of(later, plain.getFirst(), red.getFirst()), list(quern, all.kind("mail")));
    assertEquals(List.of(later, red.getLast(), red.getFirst()), list(quern, all.tag("red")));
    assertEquals(List.of(red.getLast()), list(quern, all.tag("blue")));
    assertEquals(
        List.of(red.getFirst()), list(quern, all.tag("red").kind("mail").state(JobState.READY)));
    assertEquals(List.of(later), list(quern, all.state(JobState.SCHEDULED).kind("mail")));
    assertEquals(List.of(plain.getLast()), list(quern, all.state(JobState.CANCELLED)));
    assertEquals(List.of(), list(quern, all.state(JobState.CANCELLED).kind("mail")));
    assertEquals(List.of(), list(quern, all.state(JobState.CANCELLED).tag("red")));
    assertEquals(List.of(), list(quern, all.kind("sms")));
    assertEquals(List.of(), list(quern, all.tag("Red")));
  }

  @Test
  void every_state_can_be_listed() {
    var quern = store.manual();
    for (JobState state : JobState.values()) {
      assertEquals(List.of(), list(quern, JobFilter.ALL.state(state)), state.label());
    }
  }

  @Test
  void a_filter_finds_a_text_in_the_message_or_code_of_the_last_failure() {
    var quern = store.manual();
    long smtp = failed(quern, MAIL, "smtp_550", "No such mailbox: bob@example.com");
    long timeout = failed(quern, MAIL.tags("red"), "timeout", "took too long, 100% of 5 s");
    long fax = failed(quern, FAX, "busy", "the line to BOB is busy");
    quern.enqueue(MAIL);

    assertEquals(List.of(fax, smtp), list(quern, JobFilter.ALL.errorText("bob")));
    assertEquals(List.of(smtp), list(quern, JobFilter.ALL.errorText("SMTP_5")));
    assertEquals(List.of(timeout), list(quern, JobFilter.ALL.errorText("100%")));
    assertEquals(List.of(), list(quern, JobFilter.ALL.errorText("1__%")));
    assertEquals(List.of(fax), list(quern, JobFilter.ALL.errorText("busy").kind("fax")));
    assertEquals(List.of(), list(quern, JobFilter.ALL.errorText("busy").kind("mail")));
    assertEquals(List.of(timeout), list(quern, JobFilter.ALL.errorText("took").tag("red")));
    var failedOnes = JobFilter.ALL.state(JobState.FAILED);
    assertEquals(List.of(smtp), list(quern, failedOnes.errorText("mailbox")));
  }

  @Test
  void pages_of_a_search_are_complete_though_most_jobs_do_not_match() {
    var quern = store.manual();
    quern
        .handle(
            "mail",
            Integer.class,
            (i, _) -> {
              throw JobFailedException.unrecoverable("bad", i % 100 == 0 ? "rare" : "common");
            })
        .start();
    quern.enqueueAll(IntStream.range(0, 3_000).mapToObj(i -> NewJob.json("mail", "" + i)).toList());
    quern.tick();

    var found = walk(quern, JobFilter.ALL.errorText("rare").limit(7));

    assertEquals(30, found.size());
    assertEquals(30, new HashSet<>(found).size());
  }

  @Test
  void a_cursor_that_is_none_is_refused() {
    var jobs = store.manual().jobs();

    for (String bad : List.of("", "1", "x.y", "1.", ".1", "99999999999999999999.1")) {
      var refusal =
          assertThrows(
              IllegalArgumentException.class, () -> jobs.list(JobFilter.ALL.after(bad)), bad);
      assertTrue(refusal.getMessage().contains("\"" + bad + "\""), refusal.getMessage());
    }
  }

  @Test
  void a_page_of_no_jobs_or_of_too_many_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> JobFilter.ALL.limit(0));
    assertThrows(IllegalArgumentException.class, () -> JobFilter.ALL.limit(1_001));
  }

  @Test
  void counts_are_by_kind_and_state() {
    var quern = store.manual();
    assertEquals(new Counts(Map.of()), quern.jobs().counts());
    quern.enqueueAll(List.of(MAIL, MAIL, MAIL, MAIL, MAIL.delay(Duration.ofHours(1)), FAX));
    quern.enqueue(MAIL.requires("gpu"));
    var leases = quern.claim(ClaimRequest.of("mail").limit(4));
    leases.get(0).complete();
    leases.get(1).fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
    leases.get(2).handBack();
    quern.jobs().cancel(leases.get(2).jobId(), "");

    var counts = quern.jobs().counts();

    assertEquals(
        Map.of(
            "fax",
            Map.of(JobState.READY, 1L),
            "mail",
            Map.of(
                JobState.READY, 1L,
                JobState.SCHEDULED, 1L,
                JobState.RUNNING, 1L,
                JobState.DONE, 1L,
                JobState.FAILED, 1L,
                JobState.CANCELLED, 1L)),
        counts.byKind());
    assertEquals(2, counts.of(JobState.READY));
    assertEquals(1, counts.of("mail", JobState.READY));
    assertEquals(0, counts.of("fax", JobState.DONE));
    assertEquals(0, counts.of("sms", JobState.DONE));
    assertEquals(List.of("fax", "mail"), List.copyOf(counts.byKind().keySet()));
  }

  private static long failed(Quern quern, NewJob job, String code, String message) {
    long id = quern.enqueue(job).id();
    var lease = quern.claim(ClaimRequest.of(job.kind())).getFirst();
    assertTrue(lease.fail(new Failure(FailureClass.UNRECOVERABLE, code, message)));
    return id;
  }

  private static List<Long> walk(Quern quern, JobFilter filter) {
    var seen = new ArrayList<Long>();
    var page = quern.jobs().list(filter);
    seen.addAll(idsOf(page));
    while (page.next().isPresent()) {
      page = quern.jobs().list(filter.after(page.next().get()));
      seen.addAll(idsOf(page));
    }
    return seen;
  }

  private static List<Long> list(Quern quern, JobFilter filter) {
    return idsOf(quern.jobs().list(filter));
  }

  private static List<Long> idsOf(Page page) {
    return page.jobs().stream().map(Job::id).toList();
  }

  private static List<Long> ids(List<Enqueued> enqueued) {
    return enqueued.stream().map(Enqueued::id).toList();
  }
}
