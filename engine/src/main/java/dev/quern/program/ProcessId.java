package dev.quern.program;

/// A process, known from any other that ever had its number.
///
/// @param pid its number
/// @param startedAt when it started, as the system tells it; only to be compared
record ProcessId(long pid, String startedAt) {}
