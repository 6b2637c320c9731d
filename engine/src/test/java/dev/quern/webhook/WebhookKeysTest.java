package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.IssuedWebhook;
import dev.quern.NewJob;
import dev.quern.NewWebhook;
import dev.quern.Quern;
import dev.quern.Webhook;
import dev.quern.WebhookSignature;
import dev.quern.WebhookTargets;
import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Webhooks whose deliveries are signed with a key of which receivers have the public half.
class WebhookKeysTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private Quern quern() {
    return store
        .manual(store.config().webhookTargets(WebhookTargets.ANY))
        .handle("mail", Integer.class, (_, _) -> {})
        .start();
  }

  private NewWebhook asked() {
    return NewWebhook.of(receiver.url()).signature(WebhookSignature.V1A);
  }

  private Receiver.Got delivered(Quern quern) {
    quern.enqueue(MAIL);
    quern.tick();
    return receiver.take().getFirst();
  }

  private static Webhook now(Quern quern, IssuedWebhook hook) {
    return quern.webhooks().get(hook.webhook().id()).orElseThrow();
  }

  @Test
  void a_delivery_is_verified_with_the_public_key_and_a_tampered_one_is_not() {
    var quern = quern();
    var hook = quern.webhooks().create(asked());
    var holder = new KeyHolder(hook.secret());
    var got = delivered(quern);

    assertTrue(got.signature().startsWith("v1a,"), got.signature());
    assertTrue(holder.accepts(got));
    String forged = got.body().replace("job.done", "job.gone");
    assertNotEquals(got.body(), forged);
    assertFalse(holder.accepts(got.signature(), got.id(), got.timestamp(), forged));
    var other = quern.webhooks().create(asked());
    assertFalse(new KeyHolder(other.secret()).accepts(got), "each webhook has its own key");
  }

  @Test
  void the_public_key_is_seen_at_any_time_and_the_key_that_signs_never() {
    var quern = quern();
    var hook = quern.webhooks().create(asked());

    assertEquals(WebhookSignature.V1A, hook.webhook().signature());
    assertEquals(Optional.of(hook.secret()), hook.webhook().publicKey());
    assertEquals(hook.webhook(), now(quern, hook));
    assertEquals(List.of(hook.webhook()), quern.webhooks().list());
    var plain = quern.webhooks().create(NewWebhook.of(receiver.url()));
    assertEquals(Optional.empty(), plain.webhook().publicKey());
    assertEquals(WebhookSignature.V1, plain.webhook().signature());
    assertFalse((hook + " " + quern.webhooks().list()).contains("whsk_"));
  }

  @Test
  void the_key_is_there_when_the_store_is_opened_again() {
    var hook = quern().webhooks().create(asked());
    var next = quern();

    assertTrue(new KeyHolder(now(next, hook).publicKey().orElseThrow()).accepts(delivered(next)));
  }

  @Test
  void a_key_is_rotated_with_a_day_to_spare() {
    var quern = quern();
    var hook = quern.webhooks().create(asked());
    String second = quern.webhooks().rotateSecret(hook.webhook().id()).orElseThrow();
    var before = new KeyHolder(hook.secret());
    var after = new KeyHolder(second);

    var both = delivered(quern);
    store.clock.advance(Duration.ofDays(1));
    var newest = delivered(quern);

    assertEquals(Optional.of(second), now(quern, hook).publicKey());
    assertTrue(before.accepts(both) && after.accepts(both));
    assertTrue(!before.accepts(newest) && after.accepts(newest));
  }

  @Test
  void a_key_of_ones_own_is_taken_and_its_public_half_shown() {
    var quern = quern();
    var own = Secret.random(WebhookSignature.V1A);
    var hook = quern.webhooks().create(asked().secret(own.text()));

    assertEquals(own.shown(), hook.secret());
    assertTrue(new KeyHolder(own.shown()).accepts(delivered(quern)));
    assertFalse(asked().secret(own.text()).toString().contains(own.text().substring(5)));
    var mismatched = NewWebhook.of(receiver.url()).secret(own.text());
    assertThrows(IllegalArgumentException.class, () -> quern.webhooks().create(mismatched));
  }

  @Test
  void a_change_keeps_the_key_and_cannot_change_the_signature() {
    var quern = quern();
    var hook = quern.webhooks().create(asked());
    var id = hook.webhook().id();

    var changed = quern.webhooks().update(id, before -> before.description("x")).orElseThrow();

    assertEquals(hook.webhook().publicKey(), changed.publicKey());
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> quern.webhooks().update(id, _ -> NewWebhook.of(receiver.url())));
    assertTrue(refusal.getMessage().contains("v1a"), refusal.getMessage());
    assertTrue(new KeyHolder(hook.secret()).accepts(delivered(quern)));
  }
}
