package dev.quern.core;

import dev.quern.TenantRefusedException;
import dev.quern.TenantRefusedException.Reason;

/// Why a tenant may not have more jobs. A value, since an exception would undo the whole batch of
/// the writer, other callers' work included.
///
/// @param limit the quota; 0 where there is none
record Refusal(String tenant, Reason reason, long limit) {

  String message() {
    return switch (reason) {
      case SUSPENDED -> "tenant %s is suspended: nothing can be enqueued".formatted(tenant);
      case LIVE_JOBS ->
          "tenant %s may have %,d live jobs, and has no room for these: try again when some have ended"
              .formatted(tenant, limit);
      case PAYLOAD_BYTES ->
          "tenant %s may have %,d bytes of payload in live jobs, and has no room for these: try again when some have ended"
              .formatted(tenant, limit);
    };
  }

  TenantRefusedException exception() {
    return new TenantRefusedException(tenant, reason, message());
  }
}
