package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// One ended attempt of a job.
///
/// @param jobId the job
/// @param fence its claim, counted over the whole life of the job
/// @param number its attempt, as counted when it was claimed
/// @param owner the number of the engine that ran it; -1 for a worker elsewhere
/// @param startedAt when it was claimed
/// @param endedAt when its end was recorded
/// @param outcome how it ended
/// @param note why it was deferred
/// @param failure why it failed or was lost
public record Attempt(
    long jobId,
    long fence,
    int number,
    long owner,
    Instant startedAt,
    Instant endedAt,
    Outcome outcome,
    Optional<String> note,
    Optional<Failure> failure) {}
