package dev.quern.core;

import dev.quern.JobContext;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.json.Json;
import dev.quern.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;

/// What the threads of callers do before the writer has anything to do: checks new jobs, turns
/// payloads and results into JSON text and back, and holds all to their limits. Safe for use by
/// several threads.
final class Drafting {
  private final QuernConfig config;
  private final Onlooker onlooker;

  /// @param onlooker refuses URLs
  Drafting(QuernConfig config, Onlooker onlooker) {
    this.config = config;
    this.onlooker = onlooker;
  }

  // ---- jobs

  /// Jobs of one call with their payloads as checked text.
  List<Draft> drafts(String tenant, List<NewJob> jobs) {
    if (jobs.size() > Quern.BULK_LIMIT) {
      throw new IllegalArgumentException(
          "%,d jobs in one call: at most %,d are allowed; use enqueueEach"
              .formatted(jobs.size(), Quern.BULK_LIMIT));
    }
    List<Draft> drafts = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      drafts.add(draft(tenant, job));
    }
    return drafts;
  }

  /// A job with its payload as checked text.
  Draft draft(String tenant, NewJob job) {
    notReserved(job.kind());
    job.webhook().ifPresent(onlooker::check);
    Lane.Key lane = Lane.Key.of(tenant, job.kind(), job.requires());
    return new Draft(job, lane, payload(job.payload()));
  }

  /// Kinds of the engine's own are not for callers.
  static void notReserved(String kind) {
    if (kind.startsWith(Core.RESERVED)) {
      throw new IllegalArgumentException(
          "the kind %s: kinds that begin with \"%s\" are the engine's own"
              .formatted(kind, Core.RESERVED));
    }
  }

  /// What the jobs of one call weigh.
  static int bytes(List<Draft> drafts) {
    long bytes = 0;
    for (Draft draft : drafts) {
      bytes += draft.bytes();
    }
    if (bytes > Quern.BULK_BYTES_LIMIT && drafts.size() > 1) {
      throw new IllegalArgumentException(
          "jobs of %,d bytes in one call: at most %,d are allowed; use enqueueEach"
              .formatted(bytes, Quern.BULK_BYTES_LIMIT));
    }
    return Math.toIntExact(bytes);
  }

  // ---- payloads and results

  private String payload(NewJob.Payload payload) {
    return switch (payload) {
      case NewJob.Payload.Value(Object value) -> encoded("payload", value, config.payloadLimit());
      case NewJob.Payload.Text(String json) -> checkedPayload(json);
    };
  }

  private String checkedPayload(String json) {
    Json.check(json);
    return sized("payload", json, config.payloadLimit());
  }

  /// Reads a payload.
  <P> P decode(String payload, Class<P> type) {
    try {
      return config.codec().decode(payload, type);
    } catch (IllegalArgumentException e) {
      throw new UnreadablePayload(
          "the payload does not fit %s: %s".formatted(type.getSimpleName(), e.getMessage()), e);
    }
  }

  String encode(Object value) {
    return encoded("result", value, JobContext.RESULT_LIMIT);
  }

  /// What a codec of others wrote is checked as a text of the caller's is.
  private String encoded(String name, Object value, int limit) {
    String json = config.codec().encode(value);
    if (!(config.codec() instanceof JsonCodec)) {
      Json.check(json);
    }
    return sized(name, json, limit);
  }

  /// A result as JSON text, checked for syntax and size.
  String checkedResult(String json) {
    Json.check(json);
    return sized("result", json, JobContext.RESULT_LIMIT);
  }

  private static String sized(String name, String json, int limit) {
    if (json.length() > limit / 3) {
      long bytes = utf8Length(json);
      if (bytes > limit) {
        throw new IllegalArgumentException(
            "%s of %,d bytes: at most %,d are allowed; keep long data elsewhere and its name here"
                .formatted(name, bytes, limit));
      }
    }
    return json;
  }

  static long utf8Length(String text) {
    return text.codePoints()
        .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
        .sum();
  }
}
