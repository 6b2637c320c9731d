package dev.quern.trust;

import static dev.quern.trust.CrewApp.say;

import dev.quern.Backoff;
import dev.quern.Counts;
import dev.quern.JobContext;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An application whose handlers do all that handlers must not do. The payload of a job of the kind
/// `poison` says what; jobs of the kind `good` do nothing.
///
/// It says `ran` for each good job. When all jobs have ended it says whether as many handlers as
/// are not stuck still run at once, and ends: `stat slots FREE MET`.
final class PoisonApp {
  static final String POISON = "poison";
  static final String GOOD = "good";

  private static final String MEET = "meet";
  private static final int SLOTS = 16;

  private final Quern quern;

  private PoisonApp(Quern quern) {
    this.quern = quern;
  }

  /// Takes the database.
  public static void main(String[] args) throws Exception {
    QuernConfig config =
        QuernConfig.DEFAULT
            .concurrency(SLOTS)
            .lease(Duration.ofSeconds(2))
            .stuckAfter(Duration.ofMillis(500));
    PoisonApp app = new PoisonApp(Quern.open(Path.of(args[0]), config));
    app.handle();
    app.awaitEnd();
    app.meet();
    // Stuck handlers would keep it from closing for the grace.
    Runtime.getRuntime().halt(0);
  }

  private void handle() {
    quern
        .kinds()
        .policy(
            POISON,
            policy ->
                policy
                    .maxAttempts(2)
                    .timeout(Duration.ofMillis(500))
                    .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMinutes(1))));
    quern.kinds().policy(GOOD, policy -> policy.backoff(Backoff.constant(Duration.ofMillis(20))));
    quern.handle(POISON, String.class, this::poison);
    quern.handle(GOOD, String.class, (_, _) -> say("ran"));
    quern.start();
  }

  // ---- poison

  private void poison(String what, JobContext context) throws Exception {
    say("taken " + what + " " + context.fence());
    switch (what) {
      case "exit" -> exit();
      case "halt" -> halt();
      case "memory" -> useUpMemory(new ArrayList<>());
      case "stack" -> say(Integer.toString(deep(0)));
      case "compute" -> compute();
      case "deaf" -> sleepDeaf();
      case "deadlock" -> deadlock(new Object(), new Object(), new CountDownLatch(2));
      case "error" -> throw new Error("as it must");
      case "silent" -> throw new IllegalArgumentException();
      case "mute" -> throw new Mute();
      case "endless" -> throw new Endless();
      case "novel" -> throw new IllegalStateException("x".repeat(10 << 20));
      case "large" -> context.result("x".repeat(40 << 20));
      case "flood" -> flood(context);
      case "meddle" -> meddle();
      default -> throw new AssertionError(what);
    }
  }

  private static void exit() throws InterruptedException {
    Thread.sleep(20);
    Runtime.getRuntime().exit(3);
  }

  private static void halt() throws InterruptedException {
    Thread.sleep(20);
    Runtime.getRuntime().halt(4);
  }

  private static void useUpMemory(List<byte[]> memory) {
    while (true) {
      memory.add(new byte[300_000]);
    }
  }

  private static int deep(int depth) {
    return deep(depth + 1) + 1;
  }

  private static void compute() {
    for (long i = 1; i != 0; i += 2) {
      Thread.onSpinWait();
    }
  }

  private static void sleepDeaf() {
    while (true) {
      try {
        Thread.sleep(1_000);
      } catch (InterruptedException _) {
        // It does not listen.
      }
    }
  }

  private static void deadlock(Object left, Object right, CountDownLatch both) {
    Thread.ofVirtual().start(() -> lock(right, left, both));
    lock(left, right, both);
  }

  private static void lock(Object first, Object second, CountDownLatch both) {
    synchronized (first) {
      both.countDown();
      while (both.getCount() > 0) {
        Thread.yield();
      }
      synchronized (second) {
        say("both locks");
      }
    }
  }

  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("it says nothing");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("it says nothing");
    }
  }

  private static final class Endless extends Error {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return this;
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return new StackTraceElement[0];
    }
  }

  private void flood(JobContext context) {
    while (!context.stopping()) {
      quern.enqueue(NewJob.json("litter", "0"));
      context.enqueue(NewJob.json("litter", "1"));
    }
    throw new IllegalStateException("stopped");
  }

  /// Interrupts whoever it finds.
  private static void meddle() {
    Thread.getAllStackTraces().keySet().forEach(Thread::interrupt);
    throw new IllegalStateException("meddled");
  }

  // ---- the end

  private void awaitEnd() throws InterruptedException {
    while (live() > 0) {
      pause();
    }
  }

  /// Somebody may have interrupted this thread, or used up the memory.
  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException _) {
      // Then it goes on at once.
    }
  }

  private long live() {
    try {
      Counts counts = quern.jobs().counts();
      long live = 0;
      for (JobState state : JobState.values()) {
        live += state.live() ? counts.of(POISON, state) + counts.of(GOOD, state) : 0;
      }
      return live;
    } catch (OutOfMemoryError | RuntimeException noRoom) {
      return 1;
    }
  }

  /// As many handlers as there are slots begin although none of them returns.
  private void meet() throws InterruptedException {
    int free = SLOTS - quern.running().size();
    CountDownLatch all = new CountDownLatch(free);
    CountDownLatch over = new CountDownLatch(1);
    quern.handle(
        MEET,
        String.class,
        (_, _) -> {
          all.countDown();
          over.await();
        });
    for (int i = 0; i < free; i++) {
      quern.enqueue(NewJob.of(MEET, "x"));
    }
    boolean met = all.await(30, TimeUnit.SECONDS);
    say("stat slots " + free + " " + met);
  }
}
