package dev.quern.it;

import dev.quern.support.Dialogue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A client that behaves: it asks one thing after the other on one connection, and notes how long
/// the answers take.
final class Probe implements AutoCloseable {
  private static final byte[] ENQUEUE = Dialogue.post("/v1/jobs", "{\"kind\":\"probe\"}");

  private final Dialogue dialogue;
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

  Probe(int port, Duration patience) throws IOException {
    dialogue = new Dialogue(port, patience);
  }

  /// Enqueues a job.
  ///
  /// @throws IOException if it gets no answer in time
  void ask() throws IOException {
    long began = System.nanoTime();
    int status = dialogue.ask(ENQUEUE).status();
    nanos.add(System.nanoTime() - began);
    if (status != 201) {
      throw new IOException("answered with " + status);
    }
  }

  int answers() {
    return nanos.size();
  }

  /// In milliseconds, by nearest rank.
  double p99() {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1) / 1e6;
  }

  @Override
  public void close() throws IOException {
    dialogue.close();
  }
}
