package dev.quern.artifact;

import dev.quern.core.Scope;

/// The job that an artifact is put to.
///
/// @param fence the claim that puts it; null if no worker does
/// @param scope whose jobs are seen
record Target(long jobId, Long fence, Scope scope) {}
