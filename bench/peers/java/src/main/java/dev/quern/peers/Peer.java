package dev.quern.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/// A job queue as the workloads see it. One store is open at a time.
interface Peer {
  /// What the report says of it.
  Facts facts();

  /// Opens a new, empty store, in `directory` if it needs files; no worker runs yet.
  void open(Path directory) throws Exception;

  /// Enqueues one job; returns when the queue answered.
  void enqueue(Payload payload) throws Exception;

  /// Enqueues jobs by the queue's call for many.
  void enqueueAll(List<Payload> payloads) throws Exception;

  /// Starts the workers, which hand the id of each job they get to `handler`.
  void start(IntConsumer handler) throws Exception;

  /// How many jobs have no recorded end.
  long unended() throws Exception;

  /// Stops the workers and closes the store.
  void close() throws Exception;
}
