package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
  void ids_and_a_tag_leave_the_jobs_that_are_both() {
    var quern = store.manual();
    var ids = ids(quern.enqueueAll(List.of(MAIL, MAIL.tags("vip"), MAIL.tags("vip"))));

    assertEquals(
        List.of(ids.get(1)),
        idsOf(quern.jobs().list(JobFilter.ALL.ids(ids.get(0), ids.get(1)).tag("vip"))));
  }

  @Test
  void ended_jobs_of_many_kinds_and_states_come_in_one_order_however_small_the_pages() {
    var quern = store.manual();
    for (int i = 0; i < 90; i++) {
      var lease = lease(quern, NewJob.json("kind" + i % 7, "1"));
      switch (i % 3) {
        case 0 -> lease.complete();
        case 1 -> lease.fail(new Failure(FailureClass.UNRECOVERABLE, "x", "y"));
        default -> quern.jobs().cancel(quern.enqueue(MAIL).id(), "x");
      }
      store.clock.advance(Duration.ofMillis(i % 4));
    }
    var states = JobFilter.ALL.states(JobState.DONE, JobState.FAILED, JobState.CANCELLED);
    var all = idsOf(quern.jobs().list(states.limit(1_000)));

    assertEquals(90, all.size());
    for (int limit : List.of(1, 2, 7, 50)) {
      assertEquals(all, walk(quern, states.limit(limit)), "pages of " + limit);
    }
    var jobs = quern.jobs().list(states.limit(1_000)).jobs();
    for (int i = 1; i < jobs.size(); i++) {
      assertTrue(
          !jobs.get(i).endedAt().orElseThrow().isAfter(jobs.get(i - 1).endedAt().orElseThrow()));
    }
  }

  private static Lease lease(Quern quern, NewJob job) {
    quern.enqueue(job);
    return quern.claim(ClaimRequest.of(job.kind())).getFirst();
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
  void a_filter_names_several_states_or_kinds_or_those_it_does_not_want() {
    var quern = store.manual();
    var sms = NewJob.json("sms", "1");
    var ids = ids(quern.enqueueAll(List.of(MAIL, FAX, sms, MAIL.delay(Duration.ofHours(1)))));
    quern.jobs().cancel(ids.get(0), "");
    store.clock.advance(Duration.ofMillis(1));
    quern.claim(ClaimRequest.of("sms")).getFirst().complete();
    var all = JobFilter.ALL;

    assertEquals(
        List.of(ids.get(3), ids.get(1)),
        list(quern, all.kinds("fax", "mail").withoutStates(JobState.CANCELLED)));
    assertEquals(
        List.of(ids.get(1), ids.get(0)),
        list(quern, all.kinds("fax", "mail").ids(ids.get(0), ids.get(1), ids.get(2))));
    assertEquals(List.of(ids.get(3), ids.get(1), ids.get(0)), list(quern, all.withoutKinds("sms")));
    assertEquals(List.of(ids.get(1)), list(quern, all.kinds("fax", "mail").withoutKinds("mail")));
    assertEquals(
        List.of(ids.get(2), ids.get(0)),
        list(quern, all.states(JobState.CANCELLED, JobState.FAILED, JobState.DONE)));
    assertEquals(
        List.of(ids.get(3), ids.get(1), ids.get(0)), list(quern, all.withoutStates(JobState.DONE)));
    assertEquals(
        List.of(ids.get(0)),
        list(quern, all.states(JobState.DONE, JobState.CANCELLED).withoutKinds("sms", "fax")));
    assertEquals(List.of(), list(quern, all.state(JobState.READY).withoutKinds("sms", "fax")));
  }

  @Test
  void of_several_states_those_that_have_not_ended_come_first_and_the_last_to_end_next() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {});
    var fax = ids(quern.enqueueAll(Collections.nCopies(6, FAX)));
    quern.start();
    var mail = ids(quern.enqueueAll(Collections.nCopies(5, MAIL)));
    quern.tick();
    store.clock.advance(Duration.ofMillis(1));
    quern.jobs().cancel(fax.get(1), "");
    store.clock.advance(Duration.ofMillis(1));
    quern.jobs().cancel(fax.get(0), "");
    var wanted = new ArrayList<>(fax.subList(2, 6).reversed());
    wanted.addAll(fax.subList(0, 2));
    var done = new ArrayList<>(wanted);
    done.addAll(mail.reversed());

    for (int limit : List.of(1, 2, 3, 50)) {
      var filter = JobFilter.ALL.limit(limit);
      assertEquals(wanted, walk(quern, filter.withoutStates(JobState.DONE)));
      assertEquals(done, walk(quern, filter.withoutStates(JobState.WAITING)));
    }
  }

  @Test
  void no_job_is_left_out_of_a_list_because_it_ends_between_two_pages() {
    var quern = store.manual();
    var ids = ids(quern.enqueueAll(Collections.nCopies(9, MAIL)));
    var filter = JobFilter.ALL.withoutStates(JobState.DONE).limit(2);
    var seen = new HashSet<Long>();
    var page = quern.jobs().list(filter);
    seen.addAll(idsOf(page));
    for (int i = 0; page.next().isPresent(); i++) {
      if (i < ids.size()) {
        quern.jobs().cancel(ids.get(i), "");
        store.clock.advance(Duration.ofMillis(1));
      }
      page = quern.jobs().list(filter.after(page.next().get()));
      seen.addAll(idsOf(page));
    }

    assertEquals(new HashSet<>(ids), seen);
  }

  @Test
  void a_filter_names_jobs_by_their_ids_and_by_their_dedupe_key() {
    var quern = store.manual();
    var ids = ids(quern.enqueueAll(Collections.nCopies(5, MAIL)));
    long ended = quern.enqueue(MAIL.dedupeKey("k")).id();
    quern.jobs().cancel(ended, "");
    long live = quern.enqueue(MAIL.dedupeKey("k")).id();
    quern.enqueue(MAIL.dedupeKey("K"));

    assertEquals(
        List.of(ids.get(4), ids.get(1)),
        list(quern, JobFilter.ALL.ids(ids.get(1), 99, ids.get(4))));
    assertEquals(
        List.of(ids.get(4), ids.get(1)),
        walk(quern, JobFilter.ALL.ids(ids.get(1), ids.get(4)).limit(1)));
    assertEquals(List.of(), list(quern, JobFilter.ALL.ids(live).state(JobState.DONE)));
    assertEquals(List.of(live, ended), list(quern, JobFilter.ALL.dedupeKey("k")));
    assertEquals(List.of(live), list(quern, JobFilter.ALL.dedupeKey("k").state(JobState.READY)));
    assertEquals(
        List.of(ended), list(quern, JobFilter.ALL.dedupeKey("k").state(JobState.CANCELLED)));
  }

  @Test
  void a_filter_bounds_the_time_of_creation() throws SQLException {
    var quern = store.manual().handle("fax", Integer.class, (_, _) -> {}).start();
    var ids = new ArrayList<Long>();
    var times = new ArrayList<Instant>();
    for (int i = 0; i < 40; i++) {
      ids.add(quern.enqueue((i % 3 == 0 ? FAX : MAIL).tags("red")).id());
      times.add(quern.jobs().get(ids.get(i)).orElseThrow().createdAt());
      store.clock.advance(Duration.ofSeconds(13));
    }
    quern.tick();
    // As a process writes it that waited for the lock after it had looked at the clock.
    swapCreation(ids.get(20), ids.get(22));

    for (var way :
        List.of(JobFilter.ALL, JobFilter.ALL.tag("red"), JobFilter.ALL.states(JobState.values()))) {
      for (int from = 0; from < 40; from += 3) {
        for (int before = from; before < 40; before += 4) {
          var filter = way.createdFrom(times.get(from)).createdBefore(times.get(before)).limit(7);
          var wanted = new HashSet<>(ids.subList(from, before));
          swap(wanted, ids.get(20), ids.get(22));
          assertEquals(wanted, new HashSet<>(walk(quern, filter)), from + " to " + before);
          var done = filter.state(JobState.DONE);
          wanted.removeIf(id -> (id - ids.getFirst()) % 3 != 0);
          assertEquals(wanted, new HashSet<>(walk(quern, done)), from + " to " + before);
          assertEquals(
              before - from, wanted.size() + walk(quern, filter.state(JobState.READY)).size());
        }
      }
    }
  }

  private void swapCreation(long one, long other) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "update quern_job set created_at = created_at + case id when %d then 26000 else -26000 end where id in (%d, %d)"
              .formatted(one, one, other));
    }
  }

  private static void swap(HashSet<Long> set, long one, long other) {
    if (set.contains(one) != set.contains(other)) {
      long in = set.contains(one) ? one : other;
      set.remove(in);
      set.add(in == one ? other : one);
    }
  }

  @Test
  void a_page_looks_at_so_many_jobs_and_no_more_and_says_where_to_go_on() {
    var quern = store.manual();
    long rare = quern.enqueue(FAX.tags("red")).id();
    for (int left = JobFilter.SCAN_LIMIT; left > 0; left -= 10_000) {
      quern.enqueueAll(Collections.nCopies(10_000, MAIL));
    }

    var first = quern.jobs().list(JobFilter.ALL.kind("fax"));
    assertEquals(List.of(), first.jobs());
    var second = quern.jobs().list(JobFilter.ALL.kind("fax").after(first.next().orElseThrow()));
    assertEquals(List.of(rare), idsOf(second));
    assertEquals(Optional.empty(), second.next());
    assertEquals(List.of(rare), list(quern, JobFilter.ALL.kind("fax").state(JobState.READY)));
    assertEquals(List.of(rare), list(quern, JobFilter.ALL.kind("fax").tag("red")));
    assertEquals(List.of(rare), list(quern, JobFilter.ALL.kind("fax").ids(rare)));
  }

  @Test
  void a_filter_with_too_many_values_or_with_no_state_left_is_refused() {
    var all = JobFilter.ALL;
    var kinds = IntStream.rangeClosed(0, JobFilter.VALUES_LIMIT).mapToObj(i -> "k" + i).toList();
    var names = kinds.toArray(String[]::new);
    var ids = LongStream.rangeClosed(1, 21).toArray();

    assertThrows(IllegalArgumentException.class, () -> all.kinds(names));
    assertThrows(IllegalArgumentException.class, () -> all.withoutKinds(names));
    assertThrows(IllegalArgumentException.class, () -> all.ids(ids));
    assertThrows(IllegalArgumentException.class, () -> all.withoutStates(JobState.values()));
    assertThrows(IllegalArgumentException.class, () -> all.createdFrom(Instant.MIN));
    assertThrows(IllegalArgumentException.class, () -> all.createdBefore(Instant.MAX));
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
