package dev.quern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;

/// Threads that all do the same at once.
///
/// @param count how many
/// @param virtual whether they are virtual
record Callers(int count, boolean virtual) {

  /// Lets all begin at once, and waits for the last.
  ///
  /// @return how many nanoseconds it took
  long run(IntFunction<Callable<?>> work) throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(count);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(factory())) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Callable<?> each = work.apply(i);
        calls.add(
            threads.submit(() -> {
              ready.countDown();
              gate.await();
              return each.call();
            }));
      }
      ready.await();
      long began = System.nanoTime();
      gate.countDown();
      await(calls);
      return System.nanoTime() - began;
    }
  }

  private static void await(List<Future<?>> calls) throws InterruptedException, ExecutionException {
    for (Future<?> call : calls) {
      call.get();
    }
  }

  private ThreadFactory factory() {
    return virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
  }
}
