package dev.quern.bench;

import dev.quern.NewJob;
import java.util.List;
import java.util.stream.IntStream;

/// Jobs and payloads.
final class Payloads {
  private Payloads() {}

  /// A payload of about so many bytes.
  static String of(int bytes) {
    return "{\"n\":\"" + "x".repeat(Math.max(0, bytes - 8)) + "\"}";
  }

  static List<NewJob> jobs(String kind, int count) {
    return IntStream.range(0, count).mapToObj(i -> NewJob.json(kind, Floor.payload(i))).toList();
  }
}
