package dev.quern.webhook;

import dev.quern.NewWebhook;
import dev.quern.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// What signs deliveries, as Standard Webhooks 1.0.0 has it. Immutable; its text alone shows it.
sealed interface Secret permits SharedSecret, SigningKey {

  /// A new one.
  static Secret random(WebhookSignature signature) {
    return switch (signature) {
      case V1 -> SharedSecret.random();
      case V1A -> SigningKey.random();
    };
  }

  /// The one that is asked for, or a new one.
  ///
  /// @throws IllegalArgumentException if it is refused; the message does not hold it
  static Secret of(NewWebhook asked) {
    WebhookSignature signature = asked.signature();
    return asked.secret().map(text -> given(text, signature)).orElseGet(() -> random(signature));
  }

  private static Secret given(String text, WebhookSignature signature) {
    Secret secret = parse(text);
    if (secret.signature() != signature) {
      throw new IllegalArgumentException(
          "a secret of %s for a webhook that is signed by %s: ask for the signature %1$s"
              .formatted(secret.signature().label(), signature.label()));
    }
    if (secret instanceof SigningKey key) {
      key.check();
    }
    return secret;
  }

  /// The one with this text.
  ///
  /// @throws IllegalArgumentException if it has not the form; the message does not hold it
  static Secret parse(String text) {
    if (text.startsWith(SigningKey.PREFIX)) {
      return SigningKey.of(decoded(text, SigningKey.PREFIX));
    }
    return SharedSecret.of(decoded(text, SharedSecret.PREFIX));
  }

  private static byte[] decoded(String text, String prefix) {
    try {
      if (text.startsWith(prefix)) {
        return Base64.getDecoder().decode(text.substring(prefix.length()));
      }
    } catch (IllegalArgumentException e) {
      // The message would hold a part of the secret.
    }
    throw new IllegalArgumentException(
        "a webhook secret must be %s and base64, or %s and base64"
            .formatted(SharedSecret.PREFIX, SigningKey.PREFIX));
  }

  /// How it signs.
  WebhookSignature signature();

  /// As it is kept.
  String text();

  /// As the receiver needs it.
  String shown();

  /// What is no secret of it.
  Optional<String> publicKey();

  /// The bytes of a signature.
  byte[] sign(byte[] message);

  /// The signature of a message, with its version.
  ///
  /// @param id without a dot
  default String sign(String id, long timestamp, String body) {
    byte[] message = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    return signature().label() + "," + Base64.getEncoder().encodeToString(sign(message));
  }
}
