package dev.quern.history;

import dev.quern.Backoff;
import dev.quern.Enqueued;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.support.Wire;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// 64 threads that want jobs with 100 keys, on two engines and in transactions of their own, some
/// of which roll back, while handlers end these jobs in all ways, and others cancel and requeue
/// them.
final class Storm {
  private static final int THREADS = 64;
  private static final int KEYS = 100;

  /// How many of the threads have a connection of their own.
  private static final int OWN = 16;

  private final Path file;
  private final AtomicLong order = new AtomicLong();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  /// What a storm showed.
  record Found(int answers, List<String> problems) {}

  private Storm(Path file) {
    this.file = file;
  }

  /// Runs one on a new store.
  ///
  /// @param indexed whether the store has the index that keeps keys apart
  static Found rage(Path file, long seed, int calls, boolean indexed) throws Exception {
    Quern.manual(file, QuernConfig.DEFAULT).close();
    if (!indexed) {
      try (Connection connection = Wire.untapped(file);
          var statement = connection.createStatement()) {
        statement.execute("drop index quern_job_dedupe");
      }
    }
    Journal journal = Journal.of(file);
    Storm storm = new Storm(file);
    try (Quern one = storm.open();
        Quern other = storm.open()) {
      storm.rage(List.of(one, other), seed, calls);
    }
    List<Call> made = List.copyOf(storm.calls);
    List<Journal.Change> changes = journal.changes();
    List<String> problems = new ArrayList<>(Replay.problems(changes, journal.commits()));
    problems.addAll(Witness.problemsOfSome(changes, journal.commits(), made));
    return new Found(made.size(), problems);
  }

  /// Looks for a problem in a [dev.quern.support.Twin]; answers the first, or an empty text.
  static String find(Path directory, long seed, int calls) throws Exception {
    Found found = rage(directory.resolve("storm.db"), seed, calls, true);
    return found.problems.isEmpty()
        ? ""
        : "%d: %s".formatted(found.problems.size(), found.problems.getFirst());
  }

  private Quern open() {
    var soon = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), false);
    Quern quern = Quern.open(file, QuernConfig.DEFAULT.concurrency(4));
    quern.kinds().policy("mail", policy -> policy.backoff(soon).maxAttempts(2));
    return quern.handle("mail", Integer.class, (act, context) -> handle(act, context)).start();
  }

  private static void handle(int act, JobContext context) {
    if (act % 4 == 0) {
      throw new IllegalStateException("no");
    } else if (act % 4 == 1 && context.fence() < 3) {
      throw new JobDeferredException(Duration.ofMillis(2), "again");
    }
  }

  private void rage(List<Quern> engines, long seed, int count) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Quern quern = engines.get(i % engines.size());
        var random = new SplittableRandom(seed + i);
        ends.add(
            i < OWN
                ? threads.submit(() -> inside(quern, random, count))
                : threads.submit(() -> plainly(quern, random, count)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
  }

  private Void plainly(Quern quern, RandomGenerator random, int count) {
    for (int i = 0; i < count; i++) {
      long begun = order.incrementAndGet();
      List<Enqueued> told = quern.enqueueAll(jobs(random));
      answered(begun, told);
      long id = told.getLast().id();
      switch (random.nextInt(6)) {
        case 0 -> quern.jobs().cancel(id, "weather");
        case 1 -> quern.jobs().requeue(id);
        default -> {}
      }
    }
    return null;
  }

  /// In transactions of the thread's own, which roll back now and then; then it tries again.
  private Void inside(Quern quern, RandomGenerator random, int count) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      connection.createStatement().execute("pragma busy_timeout=60000");
      connection.setAutoCommit(false);
      for (int i = 0; i < count / 4; i++) {
        List<NewJob> jobs = jobs(random);
        for (boolean committed = false; !committed; ) {
          committed = random.nextInt(3) > 0;
          insideOnce(quern, connection, jobs, committed);
        }
      }
    }
    return null;
  }

  private void insideOnce(Quern quern, Connection connection, List<NewJob> jobs, boolean commits)
      throws SQLException {
    long begun = order.incrementAndGet();
    List<Enqueued> told = quern.enqueueAll(connection, jobs);
    if (commits) {
      connection.commit();
      answered(begun, told);
    } else {
      connection.rollback();
    }
  }

  private void answered(long begun, List<Enqueued> told) {
    List<Long> ids = told.stream().map(Enqueued::id).toList();
    List<Boolean> added = told.stream().map(Enqueued::isNew).toList();
    calls.add(new Call(begun, order.incrementAndGet(), new Call.Enqueue(ids, added)));
  }

  private static List<NewJob> jobs(RandomGenerator random) {
    return IntStream.range(0, random.nextInt(1, 4))
        .mapToObj(_ ->
            NewJob.json("mail", "" + random.nextInt(8)).dedupeKey("key " + random.nextInt(KEYS)))
        .toList();
  }
}
