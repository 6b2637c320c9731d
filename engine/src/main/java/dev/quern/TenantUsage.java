package dev.quern;

/// What a tenant uses of its quotas.
///
/// @param liveJobs its jobs that have not ended
/// @param payloadBytes the bytes of their payloads
public record TenantUsage(long liveJobs, long payloadBytes) {}
