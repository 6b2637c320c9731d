package dev.quern;

import dev.quern.json.Texts;
import java.time.Duration;

/// What a request to enqueue is known by when it comes again.
///
/// @param key 1 to 255 characters; each tenant has its own
/// @param fingerprint what tells the request from another with the same key, such as a digest of
///   it; 1 to 255 characters
public record RequestKey(String key, String fingerprint) {
  /// How long the answer to a request is kept: a day.
  public static final Duration KEPT = Duration.ofDays(1);

  /// A key with its bounds checked.
  public RequestKey {
    Texts.checked("request key", key, NewJob.NAME_LIMIT);
    Texts.checked("fingerprint", fingerprint, NewJob.NAME_LIMIT);
  }
}
