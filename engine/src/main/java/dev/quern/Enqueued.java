package dev.quern;

/// What became of an enqueued job.
///
/// @param id the job; where another live job had the dedupe key, that one
/// @param isNew whether a row was added
public record Enqueued(long id, boolean isNew) {}
