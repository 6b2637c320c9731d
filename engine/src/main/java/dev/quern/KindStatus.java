package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// A kind as the store knows it.
///
/// @param kind its name
/// @param policy what holds for its jobs
/// @param pausedAt since when it is paused
/// @param pauseReason why, as whoever paused it said
public record KindStatus(
    String kind, KindPolicy policy, Optional<Instant> pausedAt, Optional<String> pauseReason) {}
