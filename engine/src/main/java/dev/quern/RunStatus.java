package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// What the store knows of a run. How its jobs stand is in [Jobs#counts], under the kind of the
/// run.
///
/// @param spec what it is
/// @param createdAt when it was begun
/// @param lines how many lines were taken in
/// @param complete whether the end of the input was seen
/// @param pid the process that is at it now
public record RunStatus(
    RunSpec spec, Instant createdAt, long lines, boolean complete, Optional<Long> pid) {}
