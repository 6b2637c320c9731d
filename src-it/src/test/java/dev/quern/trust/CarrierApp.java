package dev.quern.trust;

import static dev.quern.trust.CrewApp.say;

import dev.quern.JobContext;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/// An application with one processor for all its virtual threads. Its handlers enqueue, read and
/// complete their jobs in transactions of their own, for which they use a thread of the platform;
/// or, with `direct`, they use JDBC on the virtual threads, once they are told that the write lock
/// is held.
///
/// It says `ready` when handlers have begun, and in the end `stat canary MILLIS`: by how much
/// another virtual thread, which only ticks, was held up at most; and `stat pinned EVENTS`.
final class CarrierApp {
  private static final String KIND = "job";
  private static final long TICK_MILLIS = 5;

  private final Quern quern;
  private final AppTables tables;
  private final boolean direct;
  private final ExecutorService platform = Executors.newSingleThreadExecutor();
  private final AtomicLong heldUp = new AtomicLong();
  private final CountDownLatch left;
  private final CountDownLatch locked = new CountDownLatch(1);

  private CarrierApp(Path file, int jobs, boolean direct) throws SQLException {
    quern = Quern.open(file, QuernConfig.DEFAULT.concurrency(1_000).busyTimeout(WAIT));
    tables = AppTables.connect(file);
    left = new CountDownLatch(jobs);
    this.direct = direct;
  }

  private static final Duration WAIT = Duration.ofSeconds(30);

  /// Takes the database, the number of jobs, and perhaps `direct`.
  public static void main(String[] args) throws Exception {
    Path recorded = Path.of(args[0] + ".jfr");
    int jobs = Integer.parseInt(args[1]);
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
      recording.start();
      new CarrierApp(Path.of(args[0]), jobs, args.length > 2).work(jobs);
      recording.stop();
      recording.dump(recorded);
    }
    say("stat pinned " + pinned(recorded));
  }

  private static long pinned(Path recorded) throws Exception {
    return RecordingFile.readAllEvents(recorded).stream()
        .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
        .peek(event -> say("pinned " + event.getStackTrace()))
        .count();
  }

  private void work(int jobs) throws Exception {
    Thread.ofVirtual().start(this::tick);
    Thread.ofPlatform().daemon().start(this::awaitLock);
    quern.handle(KIND, String.class, this::handle);
    quern.enqueueEach(Stream.generate(() -> NewJob.of(KIND, "x")).limit(jobs));
    quern.start();
    left.await();
    platform.shutdown();
    quern.close();
    say("stat canary " + heldUp);
  }

  /// The first byte of the input, or its end, says that the write lock is held.
  private void awaitLock() {
    try {
      System.in.read();
    } catch (IOException ended) {
      say("the input cannot be read: " + ended);
    }
    locked.countDown();
  }

  private void tick() {
    long last = System.nanoTime();
    while (true) {
      try {
        Thread.sleep(TICK_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      long now = System.nanoTime();
      heldUp.accumulateAndGet((now - last) / 1_000_000, Math::max);
      last = now;
    }
  }

  private void handle(String payload, JobContext context) throws Exception {
    say("ready");
    if (direct) {
      locked.await();
      complete(context);
    } else {
      completeElsewhere(context);
    }
    left.countDown();
  }

  private void completeElsewhere(JobContext context) throws Exception {
    quern.enqueue(NewJob.of("other", context.jobId()));
    quern.jobs().get(context.jobId()).orElseThrow();
    context.progress(0.5, "half");
    Future<Boolean> completed = platform.submit(() -> complete(context));
    completed.get();
  }

  private boolean complete(JobContext context) throws SQLException {
    return tables.transaction(() -> {
      tables.effect(context.jobId(), context.fence(), "x");
      return context.complete(tables.connection()) ? true : null;
    });
  }
}
