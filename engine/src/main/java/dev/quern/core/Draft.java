package dev.quern.core;

import dev.quern.NewJob;

/// A job that has passed all checks, with its payload as text: what the caller's thread prepares
/// for the writer.
///
/// @param job as the caller gave it
/// @param lane what lane it belongs to
/// @param payload JSON text
record Draft(NewJob job, Lane.Key lane, String payload) {

  /// The same for a tenant.
  Draft of(String tenant) {
    return new Draft(job, new Lane.Key(tenant, lane.kind(), lane.requires()), payload);
  }

  /// What it weighs at the writer's door, in bytes, about.
  int bytes() {
    return 100 + payload.length();
  }
}
