package dev.quern;

import java.util.Map;

/// How long jobs waited and ran, as far as this process claimed them or recorded their ends since
/// it opened the store. A restart begins anew.
///
/// @param waits from when jobs could be claimed to their claims, by kind
/// @param runs from claims to the ends of the attempts, by kind and outcome
public record Timings(Map<String, Histogram> waits, Map<String, Map<Outcome, Histogram>> runs) {}
