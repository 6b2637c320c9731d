package dev.quern;

/// A tenant may not enqueue what it wants to: nothing was changed. The message says what to do.
public final class TenantRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why a tenant is refused.
  public enum Reason {
    /// It is suspended.
    SUSPENDED,
    /// It would have more live jobs than [TenantPolicy#liveJobs].
    LIVE_JOBS,
    /// Its live jobs would have more than [TenantPolicy#payloadBytes].
    PAYLOAD_BYTES
  }

  private final String tenant;
  private final Reason reason;

  /// A refusal with what to do about it in its message.
  public TenantRefusedException(String tenant, Reason reason, String message) {
    super(message);
    this.tenant = tenant;
    this.reason = reason;
  }

  /// Who is refused.
  public String tenant() {
    return tenant;
  }

  /// Why.
  public Reason reason() {
    return reason;
  }
}
