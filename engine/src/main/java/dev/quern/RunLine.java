package dev.quern;

import java.util.Optional;

/// A line of a run and what became of it.
///
/// @param line its number, from 1
/// @param jobId its job
/// @param state where the job stands
/// @param attempts attempts spent
/// @param result JSON text, of a line that is done
/// @param failure of the last attempt that failed, without trace
public record RunLine(
    long line,
    long jobId,
    JobState state,
    int attempts,
    Optional<String> result,
    Optional<Failure> failure) {}
