package dev.quern.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What signs deliveries, as Standard Webhooks 1.0.0 has it. Immutable.
final class Secret {
  private static final String PREFIX = "whsec_";
  private static final int LEAST = 24;
  private static final int MOST = 64;
  private static final int USUAL = 32;
  private static final String HMAC = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  static Secret random() {
    byte[] bytes = new byte[USUAL];
    RANDOM.nextBytes(bytes);
    return new Secret(bytes);
  }

  /// @throws IllegalArgumentException if it has not the form; the message does not hold it
  static Secret parse(String text) {
    byte[] bytes = decoded(text);
    if (bytes.length < LEAST || bytes.length > MOST) {
      throw new IllegalArgumentException(
          "a webhook secret of %d bytes: must be %d to %d".formatted(bytes.length, LEAST, MOST));
    }
    return new Secret(bytes);
  }

  private static byte[] decoded(String text) {
    try {
      if (text.startsWith(PREFIX)) {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
      }
    } catch (IllegalArgumentException e) {
      // The message would hold a part of the secret.
    }
    throw new IllegalArgumentException("a webhook secret must be %s and base64".formatted(PREFIX));
  }

  /// As the receiver needs it.
  String text() {
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  /// The signature of a message, with its version.
  ///
  /// @param id without a dot
  String sign(String id, long timestamp, String body) {
    byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    return "v1," + Base64.getEncoder().encodeToString(hmac(signed));
  }

  private byte[] hmac(byte[] text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(bytes, HMAC));
      return mac.doFinal(text);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this Java has no " + HMAC, e);
    }
  }

  /// Without the secret.
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
