package dev.quern;

/// Where an engine may send webhooks.
public enum WebhookTargets {
  /// Nowhere: this engine makes no deliveries and leaves them to others.
  NONE,
  /// To public addresses by `https`, on the ports 443, 80 and 8000 to 8999. A name that resolves to
  /// any address that is not public is refused.
  PUBLIC,
  /// Anywhere, private addresses and `http` included: for tests, and where whoever may name a
  /// target may reach the network of this process anyway.
  ANY
}
