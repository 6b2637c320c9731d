package dev.quern.cli;

import dev.quern.Enqueued;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import dev.quern.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Makes a job of each line of a stream. Lines wait for others only while more are there to be
/// read, so that a slow stream is enqueued line by line and a fast one in batches.
///
/// For one thread.
final class EnqueueStream {
  private static final int BATCH = 1_000;
  private static final long BATCH_CHARACTERS = 4 << 20;
  private static final int LINE_LIMIT = QuernConfig.DEFAULT.payloadLimit();

  private final Quern quern;
  private final String kind;
  private final UnaryOperator<NewJob> touches;
  private final List<NewJob> batch = new ArrayList<>();
  private long first;
  private long characters;
  private long added;

  /// @param touches what else is special about each job
  EnqueueStream(Quern quern, String kind, UnaryOperator<NewJob> touches) {
    this.quern = quern;
    this.kind = kind;
    this.touches = touches;
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
      if (batch.size() == BATCH || characters >= BATCH_CHARACTERS || lines.idle()) {
        enqueue();
      }
    }
  }

  private void take(long number, String line) {
    Json.check(line);
    first = batch.isEmpty() ? number : first;
    batch.add(touches.apply(NewJob.json(kind, line)));
    characters += line.length();
  }

  private void enqueue() {
    if (!batch.isEmpty()) {
      added += enqueued();
      batch.clear();
      characters = 0;
    }
  }

  private long enqueued() {
    try {
      return quern.enqueueAll(batch).stream().filter(Enqueued::isNew).count();
    } catch (StoreException fault) {
      throw new StoreException(told(first, fault), fault);
    }
  }

  private static String told(long line, RuntimeException fault) {
    return "line %d: %s; the lines before it are enqueued".formatted(line, fault.getMessage());
  }
}
