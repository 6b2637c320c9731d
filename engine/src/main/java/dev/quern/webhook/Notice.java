package dev.quern.webhook;

import dev.quern.JobState;
import dev.quern.json.JsonWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What a delivery says of a job that has ended; at most 20 KB, since the texts in it have limits.
///
/// @param jobId the job
/// @param kind its kind
/// @param tenant whose it is; empty for nobody's
/// @param state how it ended
/// @param attempts how many attempts it spent
/// @param endedAt when
/// @param failure why it failed, where it did
record Notice(
    long jobId,
    String kind,
    String tenant,
    JobState state,
    int attempts,
    Instant endedAt,
    Optional<Why> failure) {
  /// The type of a test.
  static final String TEST = "webhook.test";

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /// Why a job failed.
  record Why(String code, String message) {}

  String event() {
    return event(state);
  }

  static String event(JobState state) {
    return "job." + state.label();
  }

  String json() {
    StringBuilder text = new StringBuilder();
    JsonWriter json = begin(text, event(), endedAt);
    json.name("id").value(Long.toString(jobId));
    json.name("kind").value(kind);
    json.name("state").value(state.label());
    json.name("attempts").value(attempts);
    json.name("tenant").value(tenant);
    failure(json.name("failure"));
    json.endObject().endObject();
    return text.toString();
  }

  private void failure(JsonWriter json) {
    if (failure.isEmpty()) {
      json.nullValue();
    } else {
      json.beginObject();
      json.name("code").value(failure.get().code());
      json.name("message").value(failure.get().message());
      json.endObject();
    }
  }

  /// A test of a webhook.
  static String test(String webhook, Instant now) {
    StringBuilder text = new StringBuilder();
    JsonWriter json = begin(text, TEST, now);
    json.name("webhook").value(webhook);
    json.endObject().endObject();
    return text.toString();
  }

  private static JsonWriter begin(StringBuilder text, String event, Instant at) {
    JsonWriter json = new JsonWriter(text).beginObject();
    json.name("type").value(event);
    json.name("timestamp").value(UTC.format(at));
    return json.name("data").beginObject();
  }
}
