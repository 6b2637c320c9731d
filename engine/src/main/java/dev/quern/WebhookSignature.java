package dev.quern;

import java.util.Locale;

/// How the deliveries to a webhook are signed: the two schemes of [Standard
/// Webhooks](https://www.standardwebhooks.com) 1.0.0.
public enum WebhookSignature {
  /// HMAC-SHA256: the receiver has the secret that signs.
  V1,
  /// Ed25519: the receiver has the public key alone, and whoever sees it can sign nothing.
  V1A;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// The name in JSON, and before each signature: `v1` or `v1a`.
  public String label() {
    return label;
  }

  /// The scheme with this label.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists them
  public static WebhookSignature of(String label) {
    return Labels.find(WebhookSignature.class, label, WebhookSignature::label);
  }
}
