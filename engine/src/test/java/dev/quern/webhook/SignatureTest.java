package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
  /// The vector that the libraries of Standard Webhooks are tested with.
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long AT = 1_614_265_330;
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void the_published_vector_is_met() {
    assertEquals(SIGNATURE, Secret.parse(SECRET).sign(ID, AT, BODY));
  }

  @Test
  void every_part_of_a_message_is_signed() {
    var secret = Secret.parse(SECRET);

    assertNotEquals(SIGNATURE, secret.sign(ID + "x", AT, BODY));
    assertNotEquals(SIGNATURE, secret.sign(ID, AT + 1, BODY));
    assertNotEquals(SIGNATURE, secret.sign(ID, AT, BODY + " "));
    assertNotEquals(SIGNATURE, SharedSecret.random().sign(ID, AT, BODY));
  }

  @Test
  void a_secret_has_32_random_bytes_and_is_read_again_from_its_text() {
    var secret = SharedSecret.random();

    assertEquals(32, Base64.getDecoder().decode(secret.text().substring(6)).length);
    assertNotEquals(secret.text(), SharedSecret.random().text());
    assertEquals(secret.text(), Secret.parse(secret.text()).text());
  }

  @Test
  void a_secret_of_24_to_64_bytes_is_taken_and_no_other() {
    for (int size : List.of(24, 32, 64)) {
      Secret.parse(text(size));
    }
    for (int size : List.of(0, 23, 65)) {
      assertThrows(IllegalArgumentException.class, () -> Secret.parse(text(size)));
    }
    for (String bad : List.of("", "whsec", "secret", SECRET.substring(6), "whsec_#" + text(32))) {
      var refusal = assertThrows(IllegalArgumentException.class, () -> Secret.parse(bad));
      assertFalse(bad.length() > 9 && refusal.getMessage().contains(bad.substring(7)));
    }
  }

  private static String text(int bytes) {
    return "whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]);
  }

  @Test
  void a_secret_does_not_show_itself() {
    assertFalse(Secret.parse(SECRET).toString().contains("MfKQ"));
    assertFalse(Keys.of(Secret.parse(SECRET)).toString().contains("MfKQ"));
  }

  @Test
  void the_secret_before_a_rotation_signs_too_for_a_day_and_no_longer() {
    var first = Secret.parse(SECRET);
    var second = SharedSecret.random();
    long at = AT * 1_000;
    var keys = Keys.of(first).rotated(second, at);
    String newest = second.sign(ID, AT, BODY);

    assertEquals(SIGNATURE, Keys.of(first).signatures(ID, at + 999, BODY));
    assertEquals(newest + " " + SIGNATURE, keys.signatures(ID, at, BODY));
    long day = Duration.ofDays(1).toMillis();
    assertEquals(2, keys.signatures(ID, at + day - 1, BODY).split(" ").length);
    assertEquals(1, keys.signatures(ID, at + day, BODY).split(" ").length);
  }
}
