package dev.quern;

import java.time.Instant;
import java.util.List;

/// A handler at work in this process.
///
/// @param jobId its job
/// @param kind the kind
/// @param fence the claim
/// @param startedAt when it began
/// @param stuck whether it goes on though its end has been recorded: it ignored the interrupt
/// @param stack where it is
public record RunningHandler(
    long jobId,
    String kind,
    long fence,
    Instant startedAt,
    boolean stuck,
    List<StackTraceElement> stack) {}
