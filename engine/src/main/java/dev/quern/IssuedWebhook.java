package dev.quern;

/// A webhook that has just been created, with what its receiver verifies with.
///
/// @param webhook the webhook
/// @param secret what the receiver verifies with, by its prefix: the secret of
///   [WebhookSignature#V1], `whsec_` and base64, which is shown this once; or the public key of
///   [WebhookSignature#V1A], `whpk_` and base64, which is in [Webhook#publicKey] too
public record IssuedWebhook(Webhook webhook, String secret) {
  /// Without the secret, so that it is in no log by accident.
  @Override
  public String toString() {
    return "IssuedWebhook[" + webhook + "]";
  }
}
