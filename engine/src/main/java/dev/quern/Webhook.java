package dev.quern;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A URL that is told when jobs end, without its secret.
///
/// @param id its id
/// @param tenant of whose jobs it is told; empty for the operator's, which is told of all
/// @param url where to
/// @param states of which ends
/// @param kinds of whose jobs; empty for all
/// @param description for people
/// @param publicKey what its deliveries are verified with if they are signed by
///   [WebhookSignature#V1A]: `whpk_` and the base64 of the 32 bytes of an Ed25519 key; else empty
/// @param createdAt when it was created
/// @param failingSince since when it has answered nothing but failures
/// @param disabledAt since when it is told of nothing
/// @param disabledReason why
public record Webhook(
    String id,
    String tenant,
    String url,
    Set<JobState> states,
    Set<String> kinds,
    String description,
    Optional<String> publicKey,
    Instant createdAt,
    Optional<Instant> failingSince,
    Optional<Instant> disabledAt,
    Optional<String> disabledReason) {

  /// Whether it is told.
  public boolean enabled() {
    return disabledAt.isEmpty();
  }

  /// How its deliveries are signed.
  public WebhookSignature signature() {
    return publicKey.isPresent() ? WebhookSignature.V1A : WebhookSignature.V1;
  }

  /// The same as it could be created anew, without the secret.
  public NewWebhook asNew() {
    return new NewWebhook(url, states, kinds, description, signature(), Optional.empty());
  }
}
