package dev.quern;

import java.time.Instant;

/// A line that a handler logged for its job.
///
/// @param fence the attempt that wrote it
/// @param sequence its place among the lines of that attempt, from 0
/// @param at when
/// @param text at most 8,000 characters
public record LogLine(long fence, int sequence, Instant at, String text) {}
