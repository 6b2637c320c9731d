package dev.quern;

import java.time.Instant;

/// A transition that this process made, told after its commit.
///
/// @param jobId the job
/// @param kind its kind
/// @param transition what happened
/// @param state where the job stands since
/// @param fence how often it had been claimed
/// @param at when
public record JobEvent(
    long jobId, String kind, Transition transition, JobState state, long fence, Instant at) {}
