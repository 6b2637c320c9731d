package dev.quern.bench;

/// One value that was measured.
record Reading(String name, String unit, double value) {}
