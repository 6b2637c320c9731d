package dev.quern.program;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Platform threads for what blocks: starting processes, their pipes, the files of the system.
/// There are as many as are busy, at most four for each program, and those idle for a minute end.
final class Threads {
  private final ExecutorService pool =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("quern-program-", 1).daemon().factory());

  /// Waits for an answer. An interrupt does not cut the wait short; the flag is kept.
  <T> T call(Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, pool).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Does something meanwhile.
  CompletableFuture<Void> begin(Runnable work) {
    return CompletableFuture.runAsync(work, pool);
  }
}
