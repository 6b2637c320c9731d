package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// An event on its way to a URL. It is a job of the engine's own, and its id is that job's.
///
/// @param id its id
/// @param webhook to which webhook; empty for the URL of a job of its own
/// @param job of which job it tells; empty for a test
/// @param event what it tells, such as `job.done`
/// @param state where it stands: `scheduled` between two attempts, `done` when it was taken
/// @param attempts how often it was tried
/// @param responseCode what was answered last, where anything was
/// @param failure why it was not taken last
/// @param createdAt when the job ended
/// @param availableAt when it is tried next, or was last
/// @param endedAt when it was taken, or given up
public record WebhookDelivery(
    long id,
    Optional<String> webhook,
    Optional<Long> job,
    String event,
    JobState state,
    int attempts,
    Optional<Integer> responseCode,
    Optional<Failure> failure,
    Instant createdAt,
    Instant availableAt,
    Optional<Instant> endedAt) {}
