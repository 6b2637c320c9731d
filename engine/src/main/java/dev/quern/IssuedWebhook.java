package dev.quern;

/// A webhook that has just been created, with its secret, which is shown this once.
///
/// @param webhook the webhook
/// @param secret what signs its deliveries: `whsec_` and base64
public record IssuedWebhook(Webhook webhook, String secret) {
  /// Without the secret, so that it is in no log by accident.
  @Override
  public String toString() {
    return "IssuedWebhook[" + webhook + "]";
  }
}
