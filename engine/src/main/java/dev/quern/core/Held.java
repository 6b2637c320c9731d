package dev.quern.core;

import java.util.Optional;

/// A running job as the store has it, read under its fence.
record Held(
    long id,
    long lane,
    long fence,
    long owner,
    long startedAt,
    int attempts,
    Optional<Integer> maxAttempts,
    int losses,
    boolean cancelRequested,
    Optional<Long> deferredSince) {}
