package dev.quern.core;

import dev.quern.JobEvent;

/// A transition that is told to whoever may hear of it.
///
/// @param tenant whose job it was
record Told(String tenant, JobEvent event) {}
