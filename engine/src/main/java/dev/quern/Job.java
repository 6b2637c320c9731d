package dev.quern;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A job as the store has it at one moment.
///
/// @param id never reused
/// @param kind what handler it needs
/// @param state where it stands
/// @param tenant whose it is; empty without tenants
/// @param priority smaller runs first
/// @param payload JSON text
/// @param requires the capabilities a worker must have
/// @param tags what it can be found by
/// @param dedupeKey held while the job is live
/// @param affinityKey what it prefers to run next to
/// @param createdAt when it was enqueued
/// @param availableAt when it may be claimed at the earliest
/// @param startedAt when the job was last claimed
/// @param endedAt when the job ended
/// @param attempts attempts spent; deferring, handing back and losses give theirs back
/// @param maxAttempts attempts it has, where it has its own limit
/// @param losses how often its worker died or lost the lease
/// @param requeues how often it was asked to run again
/// @param fence how often it was ever claimed; never goes back
/// @param owner the number of the engine that runs it, or ran it last; -1 for a worker elsewhere
/// @param leaseUntil when its lease runs out
/// @param cancelRequestedAt when a running job was asked to stop
/// @param progress between 0 and 1, as the handler reported it
/// @param note what the handler last said: of its progress, or why it deferred
/// @param result JSON text of a job that is done
/// @param failure of the last attempt that failed; without trace, which [Attempt] has
public record Job(
    long id,
    String kind,
    JobState state,
    String tenant,
    int priority,
    String payload,
    List<String> requires,
    List<String> tags,
    Optional<String> dedupeKey,
    Optional<String> affinityKey,
    Instant createdAt,
    Instant availableAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    int attempts,
    Optional<Integer> maxAttempts,
    int losses,
    int requeues,
    long fence,
    Optional<Long> owner,
    Optional<Instant> leaseUntil,
    Optional<Instant> cancelRequestedAt,
    Optional<Double> progress,
    Optional<String> note,
    Optional<String> result,
    Optional<Failure> failure) {}
