package dev.quern.core;

import dev.quern.NewJob;
import dev.quern.json.Json;

/// A job that has passed all checks, with its payload as text: what the caller's thread prepares
/// for the writer.
///
/// @param job as the caller gave it
/// @param lane what lane it belongs to
/// @param payload JSON text
/// @param quoted the same once more as a JSON string, as sets of jobs are inserted; empty where it
///   is long
record Draft(NewJob job, Lane.Key lane, String payload, String quoted) {

  /// A job that is ready for the writer.
  static Draft of(NewJob job, Lane.Key lane, String payload) {
    boolean inline = payload.length() <= JobTable.INLINE_PAYLOAD;
    return new Draft(job, lane, payload, inline ? Json.quote(payload) : "");
  }

  /// The same for a tenant.
  Draft of(String tenant) {
    return new Draft(job, new Lane.Key(tenant, lane.kind(), lane.requires()), payload, quoted);
  }

  /// What it weighs at the writer's door, in bytes, about.
  int bytes() {
    return 100 + payload.length();
  }
}
