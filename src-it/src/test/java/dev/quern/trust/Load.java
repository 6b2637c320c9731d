package dev.quern.trust;

import dev.quern.Backoff;
import dev.quern.Enqueued;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/// Producers and handlers in this process that go on until they are told to stop, and know what
/// they were told. Jobs are enqueued in groups, each in one call; the token of a job is its group
/// and its number in it.
final class Load {
  static final String KIND = "job";
  private static final int PRODUCERS = 3;
  private static final int LARGEST_GROUP = 12;
  private static final int LONGEST_PAYLOAD = 3_000;

  private final Quern quern;
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Integer> groups = new ConcurrentHashMap<>();
  private final Set<Long> ran = ConcurrentHashMap.newKeySet();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean going = true;

  /// Begins.
  Load(Quern quern, long seed) {
    this.quern = quern;
    handle(quern, ran);
    for (int i = 0; i < PRODUCERS; i++) {
      String name = "p" + i;
      Random random = new Random(seed + i);
      threads.add(Thread.ofPlatform().start(() -> produce(name, random)));
    }
  }

  /// Handles the jobs of a load, whoever enqueued them.
  static void handle(Quern quern, Set<Long> ran) {
    quern
        .kinds()
        .policy(
            KIND,
            policy -> policy.backoff(Backoff.constant(Duration.ofMillis(10))).maxLosses(1_000_000));
    quern.handle(KIND, String.class, (_, context) -> ran.add(context.jobId()));
    quern.start();
  }

  private void produce(String name, Random random) {
    try {
      for (int n = 0; going; n++) {
        enqueue(name + "." + n, 1 + random.nextInt(LARGEST_GROUP), random);
        Thread.sleep(random.nextInt(4));
      }
    } catch (RuntimeException | InterruptedException fault) {
      faults.add(fault);
    }
  }

  private void enqueue(String group, int size, Random random) {
    groups.put(group, size);
    List<String> tokens = IntStream.range(0, size).mapToObj(i -> group + "/" + i).toList();
    List<Enqueued> enqueued =
        quern.enqueueAll(tokens.stream().map(token -> job(token, random)).toList());
    for (int i = 0; i < size; i++) {
      acknowledged.put(tokens.get(i), enqueued.get(i).id());
    }
  }

  /// Long payloads are kept in a table of their own.
  private static NewJob job(String token, Random random) {
    return NewJob.of(KIND, token + " " + "x".repeat(random.nextInt(LONGEST_PAYLOAD)));
  }

  /// The tokens that are acknowledged at this moment, with their ids.
  Map<String, Long> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  /// The size of each group that was asked for.
  Map<String, Integer> groups() {
    return Map.copyOf(groups);
  }

  /// What went wrong.
  List<Throwable> faults() {
    return faults;
  }

  /// Whether the handlers have run all that was acknowledged.
  boolean allRan() {
    return ran.containsAll(acknowledged.values());
  }

  /// Stops to enqueue.
  void stop() throws InterruptedException {
    going = false;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
