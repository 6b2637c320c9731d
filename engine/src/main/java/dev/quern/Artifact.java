package dev.quern;

import java.time.Instant;
import java.util.Optional;

/// A named content of a job, without its bytes.
///
/// @param jobId the job
/// @param name unique among the artifacts of the job
/// @param type its media type
/// @param size in bytes
/// @param sha256 of the bytes, in hex
/// @param createdAt when it was kept
/// @param fence the claim under which a worker attached it; empty if no worker did
public record Artifact(
    long jobId,
    String name,
    String type,
    long size,
    String sha256,
    Instant createdAt,
    Optional<Long> fence) {}
