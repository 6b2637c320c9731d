package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.NewWebhook;
import dev.quern.WebhookSignature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  /// The vector of the server of Svix, whose signature is the example of the specification, too.
  private static final String KEY =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

  private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long AT = 1_614_265_330;
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

  @Test
  void the_published_vector_is_met() {
    var key = Secret.parse(KEY);

    assertEquals(SIGNATURE, key.sign(ID, AT, BODY));
    assertEquals(PUBLIC, key.shown());
    assertEquals(KEY, key.text());
  }

  @Test
  void whoever_has_the_public_key_alone_can_verify() {
    for (int i = 0; i < 20; i++) {
      var key = Secret.random(WebhookSignature.V1A);

      assertTrue(
          new KeyHolder(key.shown()).accepts(key.sign(ID, AT, BODY), ID, AT, BODY), key.shown());
    }
  }

  @Test
  void nothing_that_was_changed_on_the_way_verifies() {
    var holder = new KeyHolder(PUBLIC);
    var other = new KeyHolder(Secret.random(WebhookSignature.V1A).shown());

    assertTrue(holder.accepts(SIGNATURE, ID, AT, BODY));
    assertFalse(holder.accepts(SIGNATURE, ID, AT, BODY + " "));
    assertFalse(holder.accepts(SIGNATURE, ID, AT, BODY.replace("2", "3")));
    assertFalse(holder.accepts(SIGNATURE, ID + "x", AT, BODY));
    assertFalse(holder.accepts(SIGNATURE, ID, AT + 1, BODY));
    assertFalse(holder.accepts(SIGNATURE.replace("hnO3", "hnO4"), ID, AT, BODY));
    assertFalse(other.accepts(SIGNATURE, ID, AT, BODY));
  }

  @Test
  void a_key_is_a_seed_of_32_bytes_and_its_public_key() {
    var key = Secret.random(WebhookSignature.V1A);

    assertEquals(64, Base64.getDecoder().decode(key.text().substring(5)).length);
    assertEquals(32, Base64.getDecoder().decode(key.shown().substring(5)).length);
    assertEquals(key.text(), Secret.parse(key.text()).text());
    assertNotEquals(key.text(), Secret.random(WebhookSignature.V1A).text());
    for (int size : List.of(0, 32, 63, 65)) {
      assertThrows(IllegalArgumentException.class, () -> Secret.parse(text(new byte[size])));
    }
  }

  private static String text(byte[] bytes) {
    return "whsk_" + Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void halves_of_two_pairs_are_refused_and_the_refusal_does_not_hold_them() {
    var mixed = Base64.getDecoder().decode(KEY.substring(5));
    mixed[0] ^= 1;
    for (String bad : List.of(text(mixed), text(new byte[64]), "whsk_#" + KEY.substring(5))) {
      var refusal = assertThrows(IllegalArgumentException.class, () -> asked(bad));
      assertFalse(refusal.getMessage().contains(bad.substring(8, 16)), refusal.getMessage());
    }
    assertEquals(PUBLIC, asked(KEY).shown());
  }

  private static Secret asked(String key) {
    return Secret.of(
        NewWebhook.of("https://example.com").signature(WebhookSignature.V1A).secret(key));
  }

  @Test
  void a_secret_of_the_other_signature_is_refused() {
    var plain = NewWebhook.of("https://example.com");
    var shared = plain.signature(WebhookSignature.V1A).secret(SharedSecret.random().text());
    var key = plain.secret(KEY);

    assertThrows(IllegalArgumentException.class, () -> Secret.of(shared));
    var refusal = assertThrows(IllegalArgumentException.class, () -> Secret.of(key));
    assertTrue(refusal.getMessage().endsWith("ask for the signature v1a"), refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> asked(PUBLIC));
  }

  @Test
  void a_key_does_not_show_its_seed() {
    var key = Secret.parse(KEY);

    assertFalse(key.toString().contains("6Xb"));
    assertFalse(Keys.of(key).toString().contains("6Xb"));
    assertFalse(key.shown().contains("6Xb"));
  }

  @Test
  void the_key_before_a_rotation_signs_too_for_a_day_and_no_longer() {
    var second = Secret.random(WebhookSignature.V1A);
    long at = AT * 1_000;
    var keys = Keys.of(Secret.parse(KEY)).rotated(second, at);
    long day = Duration.ofDays(1).toMillis();

    assertEquals(second.sign(ID, AT, BODY) + " " + SIGNATURE, keys.signatures(ID, at + 999, BODY));
    assertEquals(2, keys.signatures(ID, at + day - 1, BODY).split(" ").length);
    assertEquals(1, keys.signatures(ID, at + day, BODY).split(" ").length);
  }
}
