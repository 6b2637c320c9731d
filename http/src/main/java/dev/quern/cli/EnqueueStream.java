package dev.quern.cli;

import dev.quern.Enqueued;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import dev.quern.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a job of each line of a stream. Lines wait for others only while more are there to be
/// read, so that a slow stream is enqueued line by line and a fast one in batches.
///
/// For one thread.
final class EnqueueStream {
  private static final int BATCH = 1_000;
  private static final int LINE_LIMIT = QuernConfig.DEFAULT.payloadLimit();

  private final Queue queue;
  private final Order order;
  private final List<Order> batch = new ArrayList<>();
  private long first;
  private long weight;
  private long added;

  /// @param order all of each job but its payload
  EnqueueStream(Queue queue, Order order) {
    this.queue = queue;
    this.order = order;
  }

  /// How many jobs were added.
  long added() {
    return added;
  }

  /// Takes all lines; empty ones are left out.
  ///
  /// @throws IllegalArgumentException at the first line that is not JSON or too long; all lines
  ///   before it are enqueued
  /// @throws StoreException if a batch could not be written; all lines before it are enqueued
  void take(InputStream in) throws IOException {
    Lines lines = new Lines(in, LINE_LIMIT);
    try {
      takeEach(lines);
    } catch (IllegalArgumentException bad) {
      enqueue();
      throw new IllegalArgumentException(told(lines.number(), bad));
    }
    enqueue();
  }

  private void takeEach(Lines lines) throws IOException {
    for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
      if (!line.get().isBlank()) {
        take(lines.number(), line.get());
      }
      if (batch.size() == BATCH || lines.idle()) {
        enqueue();
      }
    }
  }

  private void take(long number, String line) {
    Json.check(line);
    Order next = order.payload(line);
    long more = queue.weight(next);
    if (weight + more > queue.capacity()) {
      enqueue();
    }
    first = batch.isEmpty() ? number : first;
    batch.add(next);
    weight += more;
  }

  private void enqueue() {
    if (!batch.isEmpty()) {
      added += enqueued();
      batch.clear();
      weight = 0;
    }
  }

  private long enqueued() {
    try {
      return queue.enqueueAll(batch).stream().filter(Enqueued::isNew).count();
    } catch (StoreException fault) {
      throw new StoreException(told(first, fault), fault);
    } catch (Failed refused) {
      throw new Failed(refused.exit(), told(first, refused));
    }
  }

  private static String told(long line, RuntimeException fault) {
    return "line %d: %s; the lines before it are enqueued".formatted(line, fault.getMessage());
  }
}
