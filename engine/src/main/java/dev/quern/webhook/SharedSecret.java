package dev.quern.webhook;

import dev.quern.WebhookSignature;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A secret that sender and receiver share.
final class SharedSecret implements Secret {
  static final String PREFIX = "whsec_";
  private static final int LEAST = 24;
  private static final int MOST = 64;
  private static final int USUAL = 32;
  private static final String HMAC = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  private SharedSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  static SharedSecret random() {
    byte[] bytes = new byte[USUAL];
    RANDOM.nextBytes(bytes);
    return new SharedSecret(bytes);
  }

  static SharedSecret of(byte[] bytes) {
    if (bytes.length < LEAST || bytes.length > MOST) {
      throw new IllegalArgumentException(
          "a webhook secret of %d bytes: must be %d to %d".formatted(bytes.length, LEAST, MOST));
    }
    return new SharedSecret(bytes);
  }

  @Override
  public WebhookSignature signature() {
    return WebhookSignature.V1;
  }

  @Override
  public String text() {
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String shown() {
    return text();
  }

  @Override
  public Optional<String> publicKey() {
    return Optional.empty();
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(bytes, HMAC));
      return mac.doFinal(message);
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
