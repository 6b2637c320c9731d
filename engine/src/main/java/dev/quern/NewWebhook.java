package dev.quern;

import dev.quern.json.Texts;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A webhook to be created: a URL that is told when jobs end. Immutable; each method with an
/// argument returns a changed copy.
///
/// @param url where to; at most 2,048 characters, see [WebhookTargets]
/// @param states of which ends it is told; default: all three
/// @param kinds of whose jobs it is told, at most 100; default: empty, which means all
/// @param description for people, at most 255 characters; default: empty
/// @param signature how its deliveries are signed, once and for all; default: [WebhookSignature#V1]
/// @param secret what signs its deliveries. For [WebhookSignature#V1] it is `whsec_` and the base64
///   of 24 to 64 bytes; default: 32 random bytes. For [WebhookSignature#V1A] it is `whsk_` and the
///   base64 of 64 bytes, the seed of an Ed25519 key and its public key; default: a new key, which
///   never leaves the engine
public record NewWebhook(
    String url,
    Set<JobState> states,
    Set<String> kinds,
    String description,
    WebhookSignature signature,
    Optional<String> secret) {

  /// The longest URL, in characters.
  public static final int URL_LIMIT = 2_048;

  /// The most kinds in a filter.
  public static final int KINDS_LIMIT = 100;

  private static final Set<JobState> ENDS =
      Set.of(JobState.DONE, JobState.FAILED, JobState.CANCELLED);

  /// A webhook with its bounds checked; the URL is looked at when it is created.
  public NewWebhook {
    Texts.checked("webhook URL", url, URL_LIMIT);
    description = Texts.cut(description, NewJob.NAME_LIMIT);
    states = Set.copyOf(states);
    if (states.isEmpty() || !ENDS.containsAll(states)) {
      throw new IllegalArgumentException(
          "a webhook for the states %s: must be some of done, failed and cancelled"
              .formatted(states));
    }
    Limits.between("kinds of a webhook", kinds.size(), 0, KINDS_LIMIT);
    kinds.forEach(NewWebhook::checkKind);
    kinds = Set.copyOf(kinds);
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(secret, "secret");
  }

  private static void checkKind(String kind) {
    if (Texts.checked("kind", kind, NewJob.NAME_LIMIT).indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a kind with a line feed: no webhook can name it");
    }
  }

  /// Tells a URL of all ends of all jobs.
  public static NewWebhook of(String url) {
    return new NewWebhook(url, ENDS, Set.of(), "", WebhookSignature.V1, Optional.empty());
  }

  /// To this URL.
  public NewWebhook url(String url) {
    return new NewWebhook(url, states, kinds, description, signature, secret);
  }

  /// Only of these ends.
  public NewWebhook states(JobState first, JobState... more) {
    return new NewWebhook(url, EnumSet.of(first, more), kinds, description, signature, secret);
  }

  /// Only of jobs of these kinds; of all without an argument.
  public NewWebhook kinds(String... kinds) {
    return new NewWebhook(
        url, states, new TreeSet<>(List.of(kinds)), description, signature, secret);
  }

  /// With this description.
  public NewWebhook description(String description) {
    return new NewWebhook(url, states, kinds, description, signature, secret);
  }

  /// Signed like this.
  public NewWebhook signature(WebhookSignature signature) {
    return new NewWebhook(url, states, kinds, description, signature, secret);
  }

  /// With this secret.
  public NewWebhook secret(String secret) {
    return new NewWebhook(url, states, kinds, description, signature, Optional.of(secret));
  }

  /// Without the secret, so that it is in no log by accident.
  @Override
  public String toString() {
    return "NewWebhook[%s, %s, %s, %s, %s]"
        .formatted(url, states, kinds, description, signature.label());
  }
}
