package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.NewWebhook;
import dev.quern.Quern;
import dev.quern.Replayed;
import dev.quern.WebhookDelivery;
import dev.quern.WebhookReplay;
import dev.quern.WebhookTargets;
import dev.quern.core.Core;
import dev.quern.support.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Deliveries of a range of time that are sent again. Each takes a minute of the clock.
class ReplayTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @RegisterExtension final TestStore store = new TestStore();

  private final Receiver receiver = new Receiver();
  private Quern quern;
  private String hook;

  @BeforeEach
  void create() {
    quern =
        store
            .manual(store.config().webhookTargets(WebhookTargets.ANY))
            .handle("mail", Integer.class, (_, _) -> {})
            .start();
    hook = quern.webhooks().create(NewWebhook.of(receiver.url())).webhook().id();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  /// Makes deliveries that are answered like this, once.
  private void deliver(int... statuses) {
    for (int status : statuses) {
      waits(status);
      var last = quern.webhooks().deliveries(hook, 1).getFirst();
      quern.jobs().cancel(last.id(), "given up");
      store.clock.advance(MINUTE);
    }
  }

  /// Makes a delivery that is answered like this, and waits for its next attempt unless it was
  /// taken.
  private void waits(int status) {
    receiver.answers(status);
    quern.enqueue(MAIL);
    quern.tick();
  }

  private Replayed replay(WebhookReplay range) {
    return quern.webhooks().replay(hook, range).orElseThrow();
  }

  private static Instant minute(int minute) {
    return BEGIN.plus(MINUTE.multipliedBy(minute));
  }

  /// What comes now, by the minute in which it was made.
  private List<String> arrivals() {
    receiver.take();
    quern.tick();
    return receiver.take().stream()
        .map(got -> got.body().split("\"")[7].substring(14, 16))
        .toList();
  }

  private List<JobState> states() {
    return quern.webhooks().deliveries(hook, 100).stream().map(WebhookDelivery::state).toList();
  }

  @Test
  void what_was_not_taken_in_the_range_is_sent_again_under_its_id_and_nothing_else() {
    deliver(500, 500, 200, 500, 500);
    var ids = receiver.take().stream().map(Receiver.Got::id).toList();

    var done = replay(WebhookReplay.of(minute(1)).to(minute(4)));
    quern.tick();
    var again = receiver.take().stream().map(Receiver.Got::id).sorted().toList();

    assertEquals(new Replayed(2, Optional.empty()), done);
    assertEquals(List.of(ids.get(1), ids.get(3)), again);
    assertEquals(
        List.of(
            JobState.CANCELLED, JobState.DONE, JobState.DONE, JobState.DONE, JobState.CANCELLED),
        states());
  }

  @Test
  void what_was_taken_is_sent_again_if_it_is_asked_for() {
    deliver(200, 200, 500);

    assertEquals(new Replayed(0, Optional.empty()), replay(WebhookReplay.of(BEGIN).to(minute(2))));
    assertEquals(List.of(), arrivals());
    assertEquals(3, replay(WebhookReplay.of(BEGIN).all(true)).sent());
    assertEquals(List.of("00", "01", "02"), arrivals().stream().sorted().toList());
  }

  @Test
  void what_failed_for_good_and_what_waits_for_its_next_attempt_is_sent_now() {
    deliver(410);
    quern.webhooks().enable(hook);
    waits(500);
    assertEquals(List.of(JobState.SCHEDULED, JobState.FAILED), states());

    var done = replay(WebhookReplay.of(BEGIN));

    assertEquals(2, done.sent());
    assertEquals(List.of("00", "01"), arrivals().stream().sorted().toList());
    assertEquals(List.of(JobState.DONE, JobState.DONE), states());
  }

  @Test
  void what_a_busy_host_sent_away_before_its_first_attempt_is_left_alone() {
    var other = store.manual(store.config().webhookTargets(WebhookTargets.NONE));
    long delivery = other.webhooks().test(hook).orElseThrow().id();
    var job = other.jobs().get(delivery).orElseThrow();
    other.jobs().change(job, OptionalInt.empty(), Optional.of(minute(60)));
    assertEquals(List.of(JobState.SCHEDULED), states());

    assertEquals(0, other.webhooks().replay(hook, WebhookReplay.of(BEGIN)).orElseThrow().sent());
    assertEquals(List.of(JobState.SCHEDULED), states());
  }

  @Test
  void a_second_call_sends_nothing_that_is_on_its_way() {
    deliver(500, 500);

    assertEquals(2, replay(WebhookReplay.of(BEGIN)).sent());
    assertEquals(0, replay(WebhookReplay.of(BEGIN)).sent());
    assertEquals(0, replay(WebhookReplay.of(BEGIN).all(true)).sent());
    assertEquals(2, arrivals().size());
    assertEquals(0, replay(WebhookReplay.of(BEGIN)).sent());
  }

  @Test
  void what_has_moved_since_it_was_looked_at_is_left_alone() {
    waits(500);
    var seen = quern.webhooks().deliveries(hook, 1).getFirst();
    var core = Core.open(store.file(), store.config(), true);
    try {
      var resending = new Resending(core);
      quern.jobs().cancel(seen.id(), "");
      resending.again(seen.id(), seen.state());
      assertEquals(List.of(JobState.CANCELLED), states());
      resending.again(seen.id(), JobState.FAILED);
      assertEquals(List.of(JobState.CANCELLED), states());
      resending.again(seen.id(), JobState.CANCELLED);
      assertEquals(List.of(JobState.READY), states());
    } finally {
      core.close(Duration.ZERO);
    }
  }

  @Test
  void a_call_sends_no_more_than_its_limit_and_the_next_goes_on() {
    deliver(500, 500, 500, 500, 500);
    var range = WebhookReplay.of(BEGIN).limit(2);

    var first = replay(range);
    assertEquals(2, first.sent());
    assertEquals(List.of("00", "01"), arrivals().stream().sorted().toList());
    var second = replay(range.after(first.next().orElseThrow()));
    assertEquals(2, second.sent());
    var third = replay(range.after(second.next().orElseThrow()));
    assertEquals(new Replayed(1, Optional.empty()), third);
    assertEquals(List.of("02", "03", "04"), arrivals().stream().sorted().toList());
  }

  @Test
  void the_next_goes_on_behind_what_was_sent_and_taken_meanwhile() {
    deliver(200, 200, 200);
    var range = WebhookReplay.of(BEGIN).all(true).limit(2);

    var first = replay(range);
    assertEquals(List.of("00", "01"), arrivals().stream().sorted().toList());
    assertEquals(1, replay(range.after(first.next().orElseThrow())).sent());
    assertEquals(List.of("02"), arrivals());
  }

  @Test
  void a_range_that_ends_with_a_full_page_has_no_next() {
    deliver(500, 500);

    assertEquals(new Replayed(2, Optional.empty()), replay(WebhookReplay.of(BEGIN).limit(2)));
  }

  @Test
  void the_attempts_begin_anew() {
    deliver(500, 410);
    quern.webhooks().enable(hook);
    replay(WebhookReplay.of(minute(1)));
    receiver.answers(500);
    quern.tick();

    var again = quern.webhooks().deliveries(hook, 1).getFirst();
    assertEquals(JobState.SCHEDULED, again.state());
    assertEquals(1, again.attempts());
  }

  @Test
  void deliveries_to_others_are_left_alone() {
    deliver(500);
    try (var elsewhere = new Receiver()) {
      var other = quern.webhooks().create(NewWebhook.of(elsewhere.url())).webhook().id();

      assertEquals(0, quern.webhooks().replay(other, WebhookReplay.of(BEGIN)).orElseThrow().sent());
      quern.tick();
      assertEquals(List.of(), elsewhere.got());
    }
    assertEquals(List.of(JobState.CANCELLED), states());
  }

  @Test
  void what_retention_has_deleted_is_not_sent_again() {
    deliver(500);
    store.clock.advance(Duration.ofDays(40));
    quern.tick();

    assertEquals(new Replayed(0, Optional.empty()), replay(WebhookReplay.of(BEGIN)));
    assertEquals(List.of(), arrivals());
  }

  @Test
  void a_disabled_webhook_is_not_replayed_and_one_that_is_not_there_is_absent() {
    deliver(500);
    quern.webhooks().disable(hook, "holidays");

    var refusal = assertThrows(IllegalStateException.class, () -> replay(WebhookReplay.of(BEGIN)));
    assertTrue(refusal.getMessage().contains("enable it first"), refusal.getMessage());
    assertEquals(Optional.empty(), quern.webhooks().replay("wh_none", WebhookReplay.of(BEGIN)));
  }

  @Test
  void a_tenant_replays_its_own_alone() {
    quern.access().tenants().create("acme", policy -> policy);
    deliver(500);

    assertEquals(
        Optional.empty(), quern.tenant("acme").webhooks().replay(hook, WebhookReplay.of(BEGIN)));
    assertEquals(List.of(JobState.CANCELLED), states());
  }

  @Test
  void a_range_that_makes_no_sense_is_refused() {
    var range = WebhookReplay.of(BEGIN);
    for (Instant to : List.of(BEGIN, BEGIN.minusMillis(1), Instant.MIN, Instant.MAX)) {
      assertThrows(IllegalArgumentException.class, () -> range.to(to));
    }
    for (Instant from : List.of(Instant.EPOCH.minusNanos(1), Instant.MIN, Instant.MAX)) {
      assertThrows(IllegalArgumentException.class, () -> WebhookReplay.of(from));
    }
    for (int limit : List.of(0, -1, 1_001)) {
      assertThrows(IllegalArgumentException.class, () -> range.limit(limit));
    }
    assertEquals(1_000, range.limit());
    assertThrows(IllegalArgumentException.class, () -> range.after(-1));
    var future = WebhookReplay.of(store.clock.instant().plusMillis(1));
    var refusal = assertThrows(IllegalArgumentException.class, () -> replay(future));
    assertTrue(refusal.getMessage().contains("no later than now"), refusal.getMessage());
  }
}
