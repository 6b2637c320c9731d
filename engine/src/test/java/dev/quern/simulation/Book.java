package dev.quern.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the clients of a simulation asked for. It is no part of the store.
final class Book {
  private final Map<Long, Asked> asked = new HashMap<>();
  private final Map<Claim, List<Long>> followUps = new HashMap<>();
  private final List<Asked> unknown = new ArrayList<>();
  private long last;

  /// A claim of a job.
  record Claim(long job, long fence) {}

  /// A job that someone asked for.
  ///
  /// @param group jobs of one group are all there, or none is
  /// @param parent the claim whose good end adds it
  record Asked(long token, long group, Optional<Claim> parent, Optional<String> key) {}

  long nextToken() {
    return ++last;
  }

  /// Takes note of jobs that are asked for together.
  List<Asked> ask(List<Long> tokens, Optional<Claim> parent, Optional<String> key) {
    List<Asked> together =
        tokens.stream().map(t -> new Asked(t, tokens.getFirst(), parent, key)).toList();
    together.forEach(one -> asked.put(one.token(), one));
    parent.ifPresent(
        claim -> followUps.computeIfAbsent(claim, _ -> new ArrayList<>()).addAll(tokens));
    return together;
  }

  /// Takes back what was rolled back: it must never come.
  void forget(List<Asked> jobs) {
    jobs.forEach(job -> asked.remove(job.token()));
  }

  /// Takes note that nobody heard whether a job is there.
  void notHeard(List<Asked> jobs) {
    unknown.addAll(jobs);
  }

  /// The jobs of which nobody heard.
  List<Asked> notHeard() {
    return unknown;
  }

  Optional<Asked> asked(long token) {
    return Optional.ofNullable(asked.get(token));
  }

  List<Long> group(Asked one) {
    return asked.values().stream()
        .filter(other -> other.group() == one.group())
        .map(Asked::token)
        .toList();
  }

  /// The tokens of the jobs that the good end of a claim adds.
  List<Long> followUps(Claim claim) {
    return followUps.getOrDefault(claim, List.of());
  }
}
