package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.IssuedWebhook;
import dev.quern.JobFailedException;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.NewWebhook;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.Webhook;
import dev.quern.WebhookSignature;
import dev.quern.WebhookTargets;
import dev.quern.core.Core;
import dev.quern.support.TestStore;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Webhooks from end to end: the ends of jobs, deliveries by a real server, and the clock by hand.
class WebhooksTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private QuernConfig config() {
    return store.config().webhookTargets(WebhookTargets.ANY);
  }

  /// An engine whose handler does with a mail what its payload says.
  private Quern quern() {
    return store
        .manual(config())
        .handle(
            "mail",
            Integer.class,
            (payload, _) -> {
              if (payload == 0) {
                throw JobFailedException.unrecoverable("smtp_550", "no such \"mailbox\"");
              }
            })
        .start();
  }

  private IssuedWebhook hook(Quern quern) {
    return quern.webhooks().create(NewWebhook.of(receiver.url()));
  }

  private static Webhook now(Quern quern, IssuedWebhook hook) {
    return quern.webhooks().get(hook.webhook().id()).orElseThrow();
  }

  // ---- what is told

  @Test
  void the_end_of_a_job_is_told_signed_and_under_the_id_of_its_delivery() {
    var quern = quern();
    var hook = hook(quern);
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var got = receiver.got().getFirst();
    assertEquals(1, receiver.got().size());
    assertEquals("/hook?a=b", got.path());
    assertEquals(
        "{\"type\":\"job.done\",\"timestamp\":\"2030-01-01T00:00:00.000Z\",\"data\":{\"id\":\"%d\","
                .formatted(id)
            + "\"kind\":\"mail\",\"state\":\"done\",\"attempts\":1,\"tenant\":\"\",\"failure\":null}}",
        got.body());
    assertEquals(store.clock.instant().getEpochSecond(), got.timestamp());
    assertTrue(got.signedBy(hook.secret()));
    assertFalse(got.id().contains("."), got.id());
    var delivery = quern.webhooks().deliveries(hook.webhook().id(), 10).getFirst();
    assertTrue(got.id().endsWith("_" + delivery.id()));
    assertEquals(JobState.DONE, delivery.state());
    assertEquals(Optional.of(204), delivery.responseCode());
    assertEquals(Optional.of(id), delivery.job());
    assertEquals("job.done", delivery.event());
    assertEquals(Optional.empty(), delivery.failure());
    assertEquals(List.of(delivery), quern.webhooks().deliveriesOf(id, 10));
  }

  @Test
  void a_failure_says_why_and_a_cancelled_job_is_told_too() {
    var quern = quern();
    hook(quern);
    quern.enqueue(NewJob.json("mail", "0"));
    long other = quern.enqueue(NewJob.json("other", "1")).id();

    quern.tick();
    quern.jobs().cancel(other, "not wanted");
    quern.tick();

    var failed = receiver.got().get(0).body();
    assertTrue(
        failed.contains(
            "\"failure\":{\"code\":\"smtp_550\",\"message\":\"no such \\\"mailbox\\\"\"}"),
        failed);
    assertTrue(failed.startsWith("{\"type\":\"job.failed\""), failed);
    assertTrue(receiver.got().get(1).body().startsWith("{\"type\":\"job.cancelled\""));
  }

  @Test
  void the_longest_notice_has_less_than_20_kilobytes() {
    var worst = "\u0001".repeat(10_000);
    var failure = new Failure(FailureClass.TRANSIENT, worst, worst);
    var notice =
        new Notice(
            Long.MAX_VALUE,
            worst.substring(0, NewJob.NAME_LIMIT),
            "t".repeat(64),
            JobState.CANCELLED,
            Integer.MAX_VALUE,
            store.clock.instant(),
            Optional.of(new Notice.Why(failure.code(), failure.message())));

    assertTrue(notice.json().length() < 20_000, "" + notice.json().length());
  }

  @Test
  void only_what_was_asked_for_is_told() {
    var quern = quern();
    quern
        .webhooks()
        .create(NewWebhook.of(receiver.url()).states(JobState.FAILED).kinds("mail", "x"));
    quern.enqueue(MAIL);
    quern.enqueue(NewJob.json("mail", "0"));
    long other = quern.enqueue(NewJob.json("other", "1").maxAttempts(1)).id();
    quern.tick();
    quern
        .claim(ClaimRequest.of("other"))
        .getFirst()
        .fail(new Failure(FailureClass.TRANSIENT, "x", "y"));
    quern.tick();

    assertEquals(1, receiver.got().size());
    assertTrue(receiver.got().getFirst().body().contains("smtp_550"));
    assertEquals(JobState.FAILED, quern.jobs().get(other).orElseThrow().state());
  }

  @Test
  void an_attempt_that_is_not_the_last_is_not_told_and_a_job_that_ends_twice_is_told_twice() {
    var quern = quern();
    hook(quern);
    long id = quern.enqueue(NewJob.json("other", "1").maxAttempts(2)).id();
    var failure = new Failure(FailureClass.TRANSIENT, "x", "y");
    quern.claim(ClaimRequest.of("other")).getFirst().fail(failure);
    quern.tick();
    assertEquals(List.of(), receiver.take());

    quern.jobs().cancel(id, "");
    quern.tick();
    quern.jobs().requeue(id);
    quern.claim(ClaimRequest.of("other")).getFirst().complete();
    quern.tick();

    assertEquals(
        List.of("job.cancelled", "job.done"),
        receiver.take().stream().map(got -> got.body().split("\"")[3]).toList());
  }

  @Test
  void deliveries_are_not_told_of() {
    var quern = quern();
    var hook = hook(quern);
    quern.enqueue(MAIL);
    quern.tick();
    quern.tick();

    assertEquals(1, receiver.got().size());
    assertEquals(1, quern.webhooks().deliveries(hook.webhook().id(), 10).size());
  }

  @Test
  void a_webhook_of_another_process_is_known_to_the_batch_that_ends_a_job() {
    var quern = quern();
    quern.enqueue(MAIL);
    var other = store.manual(config());
    var hook = hook(other);

    quern.tick();

    assertEquals(1, receiver.take().size());
    other.webhooks().delete(hook.webhook().id());
    quern.enqueue(MAIL);
    quern.tick();
    assertEquals(0, receiver.got().size());
  }

  @Test
  void an_engine_that_may_send_nothing_leaves_deliveries_to_others() {
    var silent = store.manual(store.config().webhookTargets(WebhookTargets.NONE)).start();
    var quern = store.manual(config());
    var hook = hook(quern);
    quern.enqueue(MAIL);
    silent.claim(ClaimRequest.of("mail")).getFirst().complete();
    silent.tick();

    assertEquals(0, receiver.got().size());
    assertEquals(
        JobState.READY, silent.webhooks().deliveries(hook.webhook().id(), 1).getFirst().state());
    quern.start().tick();
    assertEquals(1, receiver.got().size());
  }

  @Test
  void an_engine_with_its_own_threads_delivers_by_itself() {
    var quern = store.open(config()).handle("mail", Integer.class, (_, _) -> {}).start();
    var hook = hook(quern);
    IntStream.range(0, 50).forEach(_ -> quern.enqueue(MAIL));

    TestStore.eventually(() -> {
      // Those that found no place wait for the clock.
      store.clock.advance(Duration.ofSeconds(1));
      return receiver.got().size() == 50;
    });

    var ids = receiver.got().stream().map(Receiver.Got::id).collect(Collectors.toSet());
    assertEquals(50, ids.size());
    assertTrue(receiver.got().stream().allMatch(got -> got.signedBy(hook.secret())));
  }

  // ---- the URL of one job

  @Test
  void a_job_can_have_a_url_of_its_own() {
    var quern = quern();
    long id = quern.enqueue(MAIL.webhook(receiver.url())).id();
    quern.enqueue(MAIL);
    quern.tick();

    var got = receiver.got();
    assertEquals(1, got.size());
    assertTrue(got.getFirst().body().contains("\"id\":\"" + id + "\""));
    assertTrue(got.getFirst().signedBy(quern.webhooks().jobSecret()));
    var delivery = quern.webhooks().deliveriesOf(id, 1).getFirst();
    assertEquals(Optional.empty(), delivery.webhook());
    assertEquals(JobState.DONE, delivery.state());
  }

  @Test
  void urls_of_jobs_come_with_all_ways_to_enqueue() throws Exception {
    var quern = quern();
    var told = MAIL.webhook(receiver.url());
    quern.enqueueAll(List.of(told, told, told, told, told, MAIL));
    quern.enqueueEach(List.of(told, MAIL).stream());
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      quern.enqueue(connection, told);
      connection.commit();
    }
    quern.enqueue(NewJob.json("first", "1"));
    quern.claim(ClaimRequest.of("first")).getFirst().complete("1", List.of(told));
    quern.tick();

    assertEquals(8, receiver.got().size());
  }

  @Test
  void the_secret_of_single_jobs_is_rotated_with_a_day_to_spare() {
    var quern = quern();
    var told = MAIL.webhook(receiver.url());
    String first = quern.webhooks().jobSecret();
    assertEquals(first, quern.webhooks().jobSecret());
    String second = quern.webhooks().rotateJobSecret();
    assertNotEquals(first, second);
    assertEquals(second, quern.webhooks().jobSecret());

    quern.enqueue(told);
    quern.tick();
    store.clock.advance(Duration.ofDays(1));
    quern.enqueue(told);
    quern.tick();

    assertTrue(receiver.got().get(0).signedBy(first) && receiver.got().get(0).signedBy(second));
    assertTrue(!receiver.got().get(1).signedBy(first) && receiver.got().get(1).signedBy(second));
  }

  @Test
  void a_url_that_could_never_be_told_is_refused_when_a_job_is_enqueued() {
    var quern = store.manual();
    for (String url :
        List.of("https://127.0.0.1/", "http://example.com/", "https://u@x.org/", "x")) {
      var job = MAIL.webhook(url);
      assertThrows(IllegalArgumentException.class, () -> quern.enqueue(job));
      assertThrows(
          IllegalArgumentException.class, () -> quern.webhooks().create(NewWebhook.of(url)));
    }
    assertThrows(IllegalArgumentException.class, () -> MAIL.webhook(""));
    assertThrows(IllegalArgumentException.class, () -> MAIL.webhook("x".repeat(2_049)));
    assertEquals(List.of(), quern.webhooks().list());
  }

  // ---- what comes back

  @Test
  void an_answer_that_is_no_success_is_asked_for_again_under_the_same_id_with_a_new_time() {
    var quern = quern();
    var hook = hook(quern);
    receiver.answers(500).answers(500).answers(200);
    quern.enqueue(MAIL);
    quern.tick();

    var delivery = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst();
    assertEquals(JobState.SCHEDULED, delivery.state());
    assertEquals(Optional.of(500), delivery.responseCode());
    assertEquals("http_500", delivery.failure().orElseThrow().code());
    long wait = Duration.between(store.clock.instant(), delivery.availableAt()).toMillis();
    assertTrue(wait >= 4_500 && wait <= 5_500, wait + " ms");
    assertTrue(now(quern, hook).failingSince().isPresent());

    store.clock.advance(Duration.ofMillis(5_500));
    quern.tick();
    store.clock.advance(Duration.ofMinutes(6));
    quern.tick();

    var got = receiver.got();
    assertEquals(3, got.size());
    assertEquals(1, got.stream().map(Receiver.Got::id).distinct().count());
    assertEquals(1, got.stream().map(Receiver.Got::body).distinct().count());
    assertEquals(3, got.stream().map(Receiver.Got::timestamp).distinct().count());
    assertTrue(got.stream().allMatch(each -> each.signedBy(hook.secret())));
    var taken = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst();
    assertEquals(JobState.DONE, taken.state());
    assertEquals(3, taken.attempts());
    assertEquals(Optional.of(200), taken.responseCode());
    assertEquals(Optional.empty(), taken.failure());
    assertEquals(Optional.empty(), now(quern, hook).failingSince());
  }

  @Test
  void after_ten_attempts_in_three_days_a_delivery_is_given_up_and_can_be_sent_again() {
    var quern = quern();
    var hook = hook(quern);
    IntStream.range(0, 10).forEach(_ -> receiver.answers(503));
    quern.enqueue(MAIL);
    var begun = store.clock.instant();
    for (int hour = 0; hour < 200; hour++) {
      quern.tick();
      store.clock.advance(Duration.ofHours(1));
    }

    var given = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst();
    assertEquals(JobState.FAILED, given.state());
    assertEquals(10, receiver.got().size());
    assertTrue(now(quern, hook).enabled());
    var took = Duration.between(begun, given.endedAt().orElseThrow());
    assertTrue(took.toHours() > 66 && took.toHours() < 95, took.toString());

    var again = quern.webhooks().redeliver(given.id()).orElseThrow();
    assertEquals(given.id(), again.id());
    quern.tick();
    assertEquals(1, receiver.take().stream().map(Receiver.Got::id).distinct().count());
    assertEquals(
        JobState.DONE, quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst().state());
  }

  @Test
  void a_delivery_that_waits_can_be_sent_now() {
    var quern = quern();
    var hook = hook(quern);
    receiver.answers(500);
    quern.enqueue(MAIL);
    quern.tick();
    long delivery = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst().id();

    var sent = quern.webhooks().redeliver(delivery).orElseThrow();
    assertEquals(store.clock.instant(), sent.availableAt());
    quern.tick();

    assertEquals(2, receiver.got().size());
    assertEquals(Optional.empty(), quern.webhooks().redeliver(delivery + 1_000));
  }

  @Test
  void a_job_that_is_no_delivery_cannot_be_redelivered() {
    var quern = quern();
    long id = quern.enqueue(MAIL).id();
    quern.tick();

    assertEquals(Optional.empty(), quern.webhooks().redeliver(id));
    assertEquals(JobState.DONE, quern.jobs().get(id).orElseThrow().state());
  }

  @Test
  void a_redirect_is_a_failure_and_is_never_followed() {
    try (var elsewhere = new Receiver()) {
      var quern = quern();
      var hook = hook(quern);
      for (int status : List.of(301, 302, 303, 307, 308)) {
        receiver.answers(status, Map.of("Location", elsewhere.url()));
        quern.enqueue(MAIL);
        quern.tick();
        var delivery = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst();
        assertEquals(JobState.SCHEDULED, delivery.state());
        assertEquals(Optional.of(status), delivery.responseCode());
      }

      assertEquals(List.of(), elsewhere.got());
    }
  }

  @Test
  void a_webhook_that_is_gone_is_disabled_and_what_was_on_its_way_is_cancelled() {
    var quern = quern();
    var hook = hook(quern);
    receiver.answers(500).answers(410);
    quern.enqueue(MAIL);
    quern.tick();
    quern.enqueue(MAIL);
    quern.tick();
    quern.enqueue(MAIL);
    quern.tick();
    store.clock.advance(Duration.ofHours(1));
    quern.tick();

    assertEquals(2, receiver.got().size());
    var disabled = now(quern, hook);
    assertFalse(disabled.enabled());
    assertEquals(Optional.of("answered with the status 410"), disabled.disabledReason());
    assertEquals(
        List.of(JobState.FAILED, JobState.CANCELLED),
        quern.webhooks().deliveries(hook.webhook().id(), 10).stream()
            .map(delivery -> delivery.state())
            .toList());

    assertTrue(quern.webhooks().enable(hook.webhook().id()));
    quern.enqueue(MAIL);
    quern.tick();
    assertEquals(3, receiver.got().size());
  }

  @Test
  void who_asks_for_time_gets_it_and_never_less_than_the_schedule() {
    var quern = quern();
    var hook = hook(quern);
    for (String asked : List.of("120", "1", "9999999")) {
      receiver.answers(asked.equals("1") ? 503 : 429, Map.of("Retry-After", asked));
      quern.enqueue(MAIL);
      quern.tick();
      var next = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst().availableAt();
      long wait = Duration.between(store.clock.instant(), next).toMillis();
      switch (asked) {
        case "120" -> assertEquals(120_000, wait);
        case "1" -> assertTrue(wait >= 4_500, wait + " ms");
        default -> assertEquals(Duration.ofDays(1).toMillis(), wait);
      }
    }
  }

  @Test
  void a_webhook_that_has_answered_nothing_but_failures_for_five_days_is_disabled() {
    var quern = quern();
    var hook = hook(quern);
    for (int i = 0; i < 100; i++) {
      receiver.answers(500);
    }
    for (int hour = 0; hour < 5 * 24 + 20 && now(quern, hook).enabled(); hour += 8) {
      quern.enqueue(MAIL);
      quern.tick();
      store.clock.advance(Duration.ofHours(8));
    }

    var disabled = now(quern, hook);
    assertEquals(
        Optional.of("nothing but failures since 2030-01-01T00:00:00Z"), disabled.disabledReason());
    var after = Duration.between(disabled.createdAt(), disabled.disabledAt().orElseThrow());
    assertEquals(Duration.ofDays(5), after);
  }

  @Test
  void one_success_in_five_days_keeps_a_webhook() {
    var quern = quern();
    var hook = hook(quern);
    for (int day = 0; day < 8; day++) {
      receiver.answers(day == 3 ? 200 : 404);
      quern.enqueue(MAIL);
      quern.tick();
      store.clock.advance(Duration.ofHours(1));
      // All that waits is taken off.
      quern
          .webhooks()
          .deliveries(hook.webhook().id(), 10)
          .forEach(delivery -> quern.jobs().cancel(delivery.id(), ""));
      store.clock.advance(Duration.ofHours(23));
    }

    assertTrue(now(quern, hook).enabled());
    assertEquals(8, receiver.got().size());
  }

  @Test
  void a_host_that_cannot_be_reached_is_tried_again() {
    var quern = quern();
    var url = receiver.url();
    receiver.close();
    var hook = quern.webhooks().create(NewWebhook.of(url));
    quern.enqueue(MAIL);
    quern.tick();

    var delivery = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst();
    assertEquals(JobState.SCHEDULED, delivery.state());
    assertEquals("no_answer", delivery.failure().orElseThrow().code());
    assertEquals(Optional.empty(), delivery.responseCode());
  }

  @Test
  void a_private_target_that_another_engine_allowed_is_not_reached() {
    var lax = store.manual(config());
    var hook = hook(lax);
    var strict = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    strict.enqueue(MAIL);
    strict.tick();

    var delivery = strict.webhooks().deliveries(hook.webhook().id(), 1).getFirst();
    assertEquals("target_refused", delivery.failure().orElseThrow().code());
    assertEquals(0, receiver.got().size());
  }

  @Test
  void a_webhook_for_which_too_many_deliveries_wait_is_disabled() {
    var quern = quern();
    var core = Core.open(store.file(), config(), true);
    try {
      var conduct = new Conduct(core, 3);
      var hook = hook(quern);
      for (int i = 0; i < 3; i++) {
        conduct.waited(now(quern, hook));
        assertTrue(now(quern, hook).enabled());
        receiver.answers(500).answers(500).answers(500).answers(500);
        quern.enqueue(MAIL);
        quern.tick();
        store.clock.advance(Duration.ofMinutes(1));
      }
      conduct.waited(now(quern, hook));
      assertEquals(
          Optional.of("3 deliveries or more were waiting for it"),
          now(quern, hook).disabledReason());
    } finally {
      core.close(Duration.ZERO);
    }
  }

  @Test
  void an_engine_that_closes_gives_back_a_delivery_that_waits_for_its_answer() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var quern = store.open(config());
      var hook =
          quern.webhooks().create(NewWebhook.of("http://127.0.0.1:" + silent.getLocalPort()));
      long delivery = quern.webhooks().test(hook.webhook().id()).orElseThrow().id();
      quern.start();
      try (var _ = silent.accept()) {
        quern.close(Duration.ZERO);
      }

      var next = store.manual(config());
      var job = next.jobs().get(delivery).orElseThrow();
      assertEquals(JobState.READY, job.state());
      assertEquals(0, job.attempts());
      assertEquals(Optional.empty(), now(next, hook).failingSince());
    }
  }

  // ---- looking after them

  @Test
  void a_secret_is_rotated_with_a_day_to_spare_even_for_what_is_on_its_way() {
    var quern = quern();
    var hook = hook(quern);
    receiver.answers(500);
    quern.enqueue(MAIL);
    quern.tick();
    String second = quern.webhooks().rotateSecret(hook.webhook().id()).orElseThrow();
    store.clock.advance(Duration.ofSeconds(6));
    quern.tick();
    store.clock.advance(Duration.ofHours(24));
    quern.enqueue(MAIL);
    quern.tick();

    var got = receiver.got();
    assertTrue(got.get(0).signedBy(hook.secret()) && !got.get(0).signedBy(second));
    assertTrue(got.get(1).signedBy(hook.secret()) && got.get(1).signedBy(second));
    assertTrue(!got.get(2).signedBy(hook.secret()) && got.get(2).signedBy(second));
    assertEquals(Optional.empty(), quern.webhooks().rotateSecret("wh_none"));
  }

  @Test
  void a_secret_of_ones_own_is_taken_and_shown_nowhere_again() {
    var quern = quern();
    String own = SharedSecret.random().text();
    var hook = quern.webhooks().create(NewWebhook.of(receiver.url()).secret(own));
    quern.enqueue(MAIL);
    quern.tick();

    assertEquals(own, hook.secret());
    assertTrue(receiver.got().getFirst().signedBy(own));
    assertFalse((hook + "" + quern.webhooks().list()).contains(own.substring(6)));
    assertFalse(NewWebhook.of("x").secret(own).toString().contains(own.substring(6)));
    var bad = NewWebhook.of(receiver.url()).secret("whsec_short");
    assertThrows(IllegalArgumentException.class, () -> quern.webhooks().create(bad));
  }

  @Test
  void a_webhook_is_changed_and_what_is_on_its_way_goes_to_the_new_url() {
    try (var elsewhere = new Receiver()) {
      var quern = quern();
      var hook = hook(quern);
      receiver.answers(500);
      quern.enqueue(MAIL);
      quern.tick();

      var changed =
          quern
              .webhooks()
              .update(
                  hook.webhook().id(),
                  before -> before.url(elsewhere.url()).kinds("x").description("moved"))
              .orElseThrow();
      store.clock.advance(Duration.ofSeconds(6));
      quern.enqueue(MAIL);
      quern.tick();

      assertEquals(Set.of("x"), changed.kinds());
      assertEquals("moved", changed.description());
      assertEquals(hook.webhook().states(), changed.states());
      assertEquals(1, elsewhere.got().size());
      assertTrue(elsewhere.got().getFirst().signedBy(hook.secret()));
      assertEquals(1, receiver.got().size());
      assertThrows(
          IllegalArgumentException.class,
          () -> quern.webhooks().update(changed.id(), before -> before.url("https://a@b.org")));
      assertThrows(
          IllegalArgumentException.class,
          () -> quern.webhooks().update(changed.id(), before -> before.secret(hook.secret())));
      assertEquals(Optional.empty(), quern.webhooks().update("wh_none", before -> before));
    }
  }

  @Test
  void a_deleted_webhook_gets_no_more_not_even_what_was_on_its_way() {
    var quern = quern();
    var hook = hook(quern);
    receiver.answers(500);
    quern.enqueue(MAIL);
    quern.tick();
    long delivery = quern.webhooks().deliveries(hook.webhook().id(), 1).getFirst().id();

    assertTrue(quern.webhooks().delete(hook.webhook().id()));
    assertFalse(quern.webhooks().delete(hook.webhook().id()));
    quern.enqueue(MAIL);
    store.clock.advance(Duration.ofHours(1));
    quern.tick();

    assertEquals(1, receiver.got().size());
    var job = quern.jobs().get(delivery).orElseThrow();
    assertEquals(JobState.CANCELLED, job.state());
    assertEquals(Optional.of("the webhook is deleted"), job.note());
  }

  @Test
  void a_disabled_webhook_is_told_of_nothing_until_it_is_enabled() {
    var quern = quern();
    var hook = hook(quern);
    var id = hook.webhook().id();
    assertTrue(quern.webhooks().disable(id, "holidays"));
    quern.enqueue(MAIL);
    quern.tick();

    assertEquals(0, receiver.got().size());
    assertEquals(Optional.of("holidays"), now(quern, hook).disabledReason());
    assertThrows(IllegalStateException.class, () -> quern.webhooks().test(id));
    quern.webhooks().enable(id);
    quern.tick();
    assertEquals(
        List.of(), quern.webhooks().deliveries(id, 10), "what ended meanwhile is not told");
    assertFalse(quern.webhooks().disable("wh_none", ""));
    assertFalse(quern.webhooks().enable("wh_none"));
  }

  @Test
  void a_test_is_sent_like_any_event() {
    var quern = quern();
    var hook = hook(quern);
    var id = hook.webhook().id();

    var delivery = quern.webhooks().test(id).orElseThrow();
    quern.tick();

    assertEquals("webhook.test", delivery.event());
    assertEquals(Optional.empty(), delivery.job());
    var got = receiver.got().getFirst();
    assertTrue(got.signedBy(hook.secret()));
    assertEquals(
        "{\"type\":\"webhook.test\",\"timestamp\":\"2030-01-01T00:00:00.000Z\",\"data\":{\"webhook\":\""
            + id
            + "\"}}",
        got.body());
    assertEquals(Optional.empty(), quern.webhooks().test("wh_none"));
  }

  @Test
  void lists_are_in_order_and_have_limits() {
    var quern = quern();
    var hook = hook(quern);
    var id = hook.webhook().id();
    for (int i = 1; i < 50; i++) {
      store.clock.advance(Duration.ofSeconds(1));
      quern.webhooks().create(NewWebhook.of(receiver.url()).description("" + i));
    }
    var more = NewWebhook.of(receiver.url());
    assertThrows(IllegalStateException.class, () -> quern.webhooks().create(more));
    assertEquals("49", quern.webhooks().list().getLast().description());
    assertEquals(50, quern.webhooks().list().size());

    for (int i = 0; i < 3; i++) {
      quern.webhooks().test(id);
    }
    var all = quern.webhooks().deliveries(id, 1_000);
    assertEquals(3, all.size());
    assertTrue(all.get(0).id() > all.get(1).id() && all.get(1).id() > all.get(2).id());
    assertEquals(all.subList(0, 2), quern.webhooks().deliveries(id, 2));
    for (int limit : List.of(0, 1_001)) {
      assertThrows(IllegalArgumentException.class, () -> quern.webhooks().deliveries(id, limit));
      assertThrows(IllegalArgumentException.class, () -> quern.webhooks().deliveriesOf(1, limit));
    }
  }

  @Test
  void a_webhook_for_ends_that_there_are_not_or_too_many_kinds_is_refused() {
    var hook = NewWebhook.of("https://example.com");
    assertThrows(IllegalArgumentException.class, () -> hook.states(JobState.READY));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new NewWebhook(
                "https://x.org", Set.of(), Set.of(), "", WebhookSignature.V1, Optional.empty()));
    var kinds = IntStream.range(0, 101).mapToObj(i -> "kind" + i).toArray(String[]::new);
    assertThrows(IllegalArgumentException.class, () -> hook.kinds(kinds));
    assertThrows(IllegalArgumentException.class, () -> hook.kinds("a\nb"));
    assertEquals(Set.of("a"), hook.kinds("a", "a").kinds());
  }

  // ---- whose jobs deliveries are

  @Test
  void nobody_else_makes_claims_or_handles_deliveries() {
    var quern = quern();
    var kind = "quern.webhook";
    var forged = NewJob.json(kind, "{}");

    assertThrows(IllegalArgumentException.class, () -> quern.enqueue(forged));
    assertThrows(IllegalArgumentException.class, () -> quern.enqueueEach(List.of(forged).stream()));
    assertThrows(IllegalArgumentException.class, () -> quern.claim(ClaimRequest.of(kind)));
    assertThrows(
        IllegalArgumentException.class, () -> quern.handle(kind, Object.class, (_, _) -> {}));
    quern.enqueue(NewJob.json("first", "1"));
    var lease = quern.claim(ClaimRequest.of("first")).getFirst();
    assertThrows(IllegalArgumentException.class, () -> lease.complete("1", List.of(forged)));
  }

  @Test
  void retention_takes_deliveries_with_it() {
    var quern = quern();
    var hook = hook(quern);
    quern.enqueue(MAIL.webhook(receiver.url()));
    quern.tick();
    store.clock.advance(Duration.ofDays(8));
    quern.tick();

    assertEquals(2, receiver.got().size());
    assertEquals(List.of(), quern.webhooks().deliveries(hook.webhook().id(), 10));
  }
}
