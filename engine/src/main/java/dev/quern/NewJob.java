package dev.quern;

import dev.quern.json.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A job to be enqueued: a kind, a payload, and what is special about it. Immutable; each method
/// returns a changed copy.
///
/// ```java
/// NewJob.of("email.send", new SendEmail("a@example.com", "hi")).dedupeKey("welcome:42").delay(Duration.ofMinutes(5))
/// ```
public final class NewJob {
  /// The longest kind, key, tag or capability, in characters.
  public static final int NAME_LIMIT = 255;

  /// The most tags, and the most required capabilities, of one job.
  public static final int NAMES_LIMIT = 16;

  private final String kind;
  private final Payload payload;
  private final Integer priority;
  private final Duration delay;
  private final Instant at;
  private final String dedupeKey;
  private final String affinityKey;
  private final List<String> requires;
  private final Integer maxAttempts;
  private final List<String> tags;
  private final String webhook;

  /// The payload as given: a value for the codec, or JSON text as it is.
  public sealed interface Payload {
    /// A value for the engine's codec.
    record Value(Object value) implements Payload {}

    /// JSON text, unchecked.
    record Text(String json) implements Payload {}
  }

  private NewJob(Draft d) {
    kind = d.kind;
    payload = d.payload;
    priority = d.priority;
    delay = d.delay;
    at = d.at;
    dedupeKey = d.dedupeKey;
    affinityKey = d.affinityKey;
    requires = d.requires;
    maxAttempts = d.maxAttempts;
    tags = d.tags;
    webhook = d.webhook;
  }

  /// A job whose payload is a record, or anything else the engine's [PayloadCodec] can write.
  public static NewJob of(String kind, Object payload) {
    return of(kind, new Payload.Value(Objects.requireNonNull(payload, "payload")));
  }

  /// A job whose payload is JSON text. It is checked when the job is enqueued.
  public static NewJob json(String kind, String json) {
    return of(kind, new Payload.Text(Objects.requireNonNull(json, "json")));
  }

  private static NewJob of(String kind, Payload payload) {
    Draft draft = new Draft();
    draft.kind = Texts.checked("kind", kind, NAME_LIMIT);
    draft.payload = payload;
    return new NewJob(draft);
  }

  /// Runs before jobs with a larger number and after those with a smaller one; the default is the
  /// rank of the kind.
  public NewJob priority(int priority) {
    return with(d -> d.priority = priority);
  }

  /// Runs no earlier than this long after it is enqueued; at most ten years.
  public NewJob delay(Duration delay) {
    return with(d -> d.delay = Limits.delay(delay));
  }

  /// Runs no earlier than this; a past instant means now. No later than the year 9999.
  public NewJob at(Instant at) {
    return with(d -> d.at = Limits.at(at));
  }

  /// Is not enqueued while a live job has the same key; at most 255 characters.
  public NewJob dedupeKey(String key) {
    return with(d -> d.dedupeKey = Texts.checked("dedupe key", key, NAME_LIMIT));
  }

  /// Prefers to run right after a job with the same key; at most 255 characters.
  public NewJob affinityKey(String key) {
    return with(d -> d.affinityKey = Texts.checked("affinity key", key, NAME_LIMIT));
  }

  /// Runs only on workers that have all of these capabilities.
  public NewJob requires(String... capabilities) {
    return with(d -> d.requires = names("capability", List.of(capabilities)));
  }

  /// Fails after this many failed attempts, at least 1; the default is that of the kind.
  public NewJob maxAttempts(int attempts) {
    return with(d -> d.maxAttempts = Limits.between("max attempts", attempts, 1, 1_000_000));
  }

  /// Can be found by these tags; at most 16.
  public NewJob tags(String... tags) {
    return with(d -> d.tags = names("tag", List.of(tags)));
  }

  /// Tells a URL when the job ends ([Webhooks]); at most 2,048 characters. Where it may be is said
  /// by [WebhookTargets], and looked at when the job is enqueued.
  public NewJob webhook(String url) {
    return with(d -> d.webhook = Texts.checked("webhook URL", url, NewWebhook.URL_LIMIT));
  }

  /// The kind.
  public String kind() {
    return kind;
  }

  /// The priority, where it is not the rank of the kind.
  public OptionalInt priority() {
    return priority == null ? OptionalInt.empty() : OptionalInt.of(priority);
  }

  /// When it may run at the earliest, for a job enqueued at `now`.
  public Instant availableAt(Instant now) {
    if (at != null) {
      return at.isBefore(now) ? now : at;
    }
    return delay == null ? now : now.plus(delay);
  }

  /// The dedupe key.
  public Optional<String> dedupeKey() {
    return Optional.ofNullable(dedupeKey);
  }

  /// The affinity key.
  public Optional<String> affinityKey() {
    return Optional.ofNullable(affinityKey);
  }

  /// The capabilities a worker must have, sorted.
  public List<String> requires() {
    return requires;
  }

  /// The attempts it has, where they are not those of the kind.
  public OptionalInt maxAttempts() {
    return maxAttempts == null ? OptionalInt.empty() : OptionalInt.of(maxAttempts);
  }

  /// The tags, sorted.
  public List<String> tags() {
    return tags;
  }

  /// The URL that is told when the job ends.
  public Optional<String> webhook() {
    return Optional.ofNullable(webhook);
  }

  /// The payload as given.
  public Payload payload() {
    return payload;
  }

  static List<String> names(String name, Collection<String> values) {
    if (values.size() > NAMES_LIMIT) {
      throw new IllegalArgumentException(
          "%d names of a %s: at most %d are allowed".formatted(values.size(), name, NAMES_LIMIT));
    }
    values.forEach(value -> checkedName(name, value));
    return List.copyOf(new TreeSet<>(values));
  }

  private static void checkedName(String name, String value) {
    Texts.checked(name, value, NAME_LIMIT);
    if (value.indexOf(',') >= 0) {
      throw new IllegalArgumentException(
          "%s \"%s\" holds a comma, which separates names".formatted(name, value));
    }
  }

  private NewJob with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new NewJob(draft);
  }

  /// The changeable copy behind each change.
  private static final class Draft {
    private String kind;
    private Payload payload;
    private Integer priority;
    private Duration delay;
    private Instant at;
    private String dedupeKey;
    private String affinityKey;
    private List<String> requires = List.of();
    private Integer maxAttempts;
    private List<String> tags = List.of();
    private String webhook;

    Draft() {}

    Draft(NewJob job) {
      kind = job.kind;
      payload = job.payload;
      priority = job.priority;
      delay = job.delay;
      at = job.at;
      dedupeKey = job.dedupeKey;
      affinityKey = job.affinityKey;
      requires = job.requires;
      maxAttempts = job.maxAttempts;
      tags = job.tags;
      webhook = job.webhook;
    }
  }
}
