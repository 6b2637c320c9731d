package dev.quern.peers;

import java.util.List;
import java.util.stream.IntStream;

/// The payload of every job: the same small JSON object for every system.
record Payload(int id, String to, String subject) {
  static Payload of(int id) {
    return new Payload(id, "ada@example.com", "Welcome");
  }

  static List<Payload> upTo(int count) {
    return IntStream.range(0, count).mapToObj(Payload::of).toList();
  }
}
