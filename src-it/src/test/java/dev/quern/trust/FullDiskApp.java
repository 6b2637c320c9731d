package dev.quern.trust;

import dev.quern.Backoff;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Two engines on one database on a small disk, which is filled and freed while jobs are enqueued
/// and run. Says on standard output what became of all, a word and a number a line; `fault` lines
/// are what must not be.
final class FullDiskApp {
  private static final Duration LEASE = Duration.ofSeconds(1);
  private static final Duration LONG = LEASE.multipliedBy(3);
  private static final Duration BUSY = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int PRODUCERS = 2;
  private static final int REFUSALS = 10;
  private static final int JOBS = 25;

  /// Held, because loggers that nobody holds forget their level.
  private static final Logger LOGGER = Logger.getLogger("dev.quern");

  private final Path database;
  private final Path ballast;
  private final Random random;
  private final List<Quern> engines;
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final Map<Long, AtomicInteger> runs = new ConcurrentHashMap<>();
  private final Set<String> faults = ConcurrentHashMap.newKeySet();
  private final AtomicLong refusals = new AtomicLong();
  private volatile String lastRefusal = "none";
  private volatile boolean enqueuing;
  private volatile boolean full;
  private volatile boolean holding;
  private long slowestMillis;

  private FullDiskApp(List<Quern> engines, Path database, long seed) {
    this.database = database;
    this.engines = engines;
    this.ballast = database.resolveSibling("ballast");
    this.random = new Random(seed);
  }

  /// Takes the database, how often the disk is filled, a seed, and what is done: `fill`, `lock`, or
  /// both.
  public static void main(String[] args) throws Exception {
    LOGGER.setLevel(Level.OFF);
    Path database = Path.of(args[0]);
    QuernConfig config =
        QuernConfig.DEFAULT.lease(LEASE).concurrency(6).grace(Duration.ZERO).busyTimeout(BUSY);
    try (Quern one = Quern.open(database, config);
        Quern two = Quern.open(database, config)) {
      FullDiskApp app = new FullDiskApp(List.of(one, two), database, Long.parseLong(args[2]));
      app.start();
      int cycles = Integer.parseInt(args[1]);
      for (int i = 0; i < cycles && app.faults.isEmpty(); i++) {
        app.cycle(args[3].contains("fill"), args[3].contains("lock") && i % 5 == 0);
      }
      app.tell();
    }
    Runtime.getRuntime().halt(0);
  }

  /// The engines wait for each other's lock for a moment only.
  private static void patiently(Runnable call) {
    while (true) {
      try {
        call.run();
        return;
      } catch (StoreException.Busy _) {
        // Again.
      }
    }
  }

  private void start() {
    for (Quern engine : engines) {
      for (String kind : List.of("quick", "slow")) {
        patiently(() ->
            engine
                .kinds()
                .policy(kind, policy -> policy.backoff(Backoff.constant(Duration.ofMillis(10)))));
      }
      engine.handle("quick", String.class, (_, context) -> ran(context.jobId()));
      engine.handle(
          "slow",
          String.class,
          (_, context) -> {
            ran(context.jobId());
            // Until the disk has room, and a little longer.
            do {
              Thread.sleep(20);
            } while (full || holding);
          });
      patiently(engine::start);
    }
    for (int i = 0; i < PRODUCERS; i++) {
      String name = "p" + i;
      Quern engine = engines.get(i % engines.size());
      Thread.ofPlatform().daemon().start(() -> produce(name, engine));
    }
  }

  private void ran(long id) {
    runs.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
  }

  // ---- enqueuing

  private void produce(String name, Quern engine) {
    for (int n = 0; true; n++) {
      if (enqueuing) {
        enqueue(name + "." + n, n % 4 == 0 ? "slow" : "quick", engine);
      }
      pause(Duration.ofMillis(4));
    }
  }

  private void enqueue(String token, String kind, Quern engine) {
    try {
      NewJob job = NewJob.of(kind, token + " " + "x".repeat(token.hashCode() & 0x7ff));
      acknowledged.put(token, engine.enqueue(job).id());
    } catch (StoreException.Busy fault) {
      refused.add(token);
      lastRefusal = fault.toString();
    } catch (StoreException.Full fault) {
      refused.add(token);
      lastRefusal = fault.toString();
      refusals.incrementAndGet();
      if (!fault.getMessage().contains("free some space")) {
        faults.add("says " + fault.getMessage());
      }
    } catch (StoreException.OutcomeUnknown fault) {
      unknown.add(token);
    } catch (RuntimeException fault) {
      faults.add("enqueue told " + fault);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void await(String what, BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean() && faults.isEmpty()) {
      pause(Duration.ofMillis(5));
      if (System.nanoTime() > deadline) {
        faults.add("waited in vain for " + what + "; the last refusal was " + lastRefusal);
      }
    }
  }

  // ---- the disk

  private void cycle(boolean fills, boolean locks) throws IOException, SQLException {
    enqueuing = true;
    awaitJobs();
    if (fills) {
      fill();
      long told = refusals.get();
      await("a refusal", () -> refusals.get() >= told + REFUSALS);
      read();
      pause(Duration.ofMillis(50 + random.nextInt(300)));
      free();
    }
    if (locks) {
      lock();
    }
    enqueuing = false;
    await("the jobs to end", () -> live() == 0);
    if (!faults.isEmpty()) {
      faults.add("left: " + left());
    }
  }

  private List<String> left() {
    return Stream.of(JobState.RUNNING, JobState.READY, JobState.SCHEDULED)
        .flatMap(state ->
            engines.getFirst().jobs().list(JobFilter.ALL.state(state).limit(3)).jobs().stream())
        .map(job -> job.id() + " " + job.kind() + " " + job.state() + " since " + job.startedAt())
        .toList();
  }

  private void awaitJobs() {
    int before = acknowledged.size();
    await("jobs", () -> acknowledged.size() >= before + JOBS);
  }

  private void fill() throws IOException {
    full = true;
    for (int chunk = 1 << 16; chunk > 0; chunk >>= 4) {
      try (FileOutputStream out = new FileOutputStream(ballast.toFile(), true)) {
        while (true) {
          out.write(new byte[chunk]);
        }
      } catch (IOException noRoom) {
        // As it should be.
      }
    }
  }

  /// Holds the write lock for longer than leases last, with jobs running in both engines.
  private void lock() throws SQLException {
    holding = true;
    await("running jobs", () -> engines.stream().noneMatch(engine -> engine.running().isEmpty()));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 30000");
      statement.execute("begin immediate");
      pause(LONG);
      statement.execute("rollback");
    }
    int before = acknowledged.size();
    await("the first job after", () -> acknowledged.size() > before);
    // The engine that comes second has to have renewed its leases.
    pause(LEASE);
    holding = false;
  }

  private void free() throws IOException {
    int before = acknowledged.size();
    Files.delete(ballast);
    long freedAt = System.nanoTime();
    full = false;
    await("the first job after", () -> acknowledged.size() > before);
    slowestMillis = Math.max(slowestMillis, (System.nanoTime() - freedAt) / 1_000_000);
  }

  private void read() {
    for (Quern engine : engines) {
      try {
        engine.jobs().list(JobFilter.ALL);
        engine.jobs().counts();
      } catch (RuntimeException fault) {
        faults.add("cannot read on a full disk: " + fault);
      }
    }
  }

  private long live() {
    return engines.getFirst().jobs().counts().byKind().values().stream()
        .flatMap(states -> states.entrySet().stream())
        .filter(count -> count.getKey().live())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  // ---- what became of it

  private void tell() {
    Map<Long, Job> jobs = new ConcurrentHashMap<>();
    acknowledged
        .values()
        .forEach(id -> engines.getFirst().jobs().get(id).ifPresent(job -> jobs.put(id, job)));
    long last = acknowledged.values().stream().mapToLong(id -> id).max().orElse(0);
    say("acknowledged", acknowledged.size());
    say("refused", refused.size());
    say("lost", acknowledged.size() - jobs.size());
    say("unexpected", unexpected(last));
    say("undone", jobs.values().stream().filter(job -> job.state() != JobState.DONE).count());
    say("charged", jobs.values().stream().filter(job -> job.attempts() != 1).count());
    say("losses", jobs.values().stream().mapToLong(Job::losses).sum());
    say("twice", runs.values().stream().filter(count -> count.get() > 1).count());
    say("recovered", recovered(last));
    say("millis", slowestMillis);
    faults.forEach(fault -> System.out.println("fault " + fault));
  }

  private static void say(String word, long number) {
    System.out.println(word + " " + number);
  }

  /// Jobs whose callers were told that nothing was changed, or that nobody asked for.
  private long unexpected(long last) {
    return others(last).filter(token -> !unknown.contains(token)).count();
  }

  private long recovered(long last) {
    return others(last).filter(unknown::contains).count();
  }

  private Stream<String> others(long last) {
    Set<Long> known = Set.copyOf(acknowledged.values());
    return LongStream.rangeClosed(1, last + 100)
        .filter(id -> !known.contains(id))
        .mapToObj(id -> engines.getFirst().jobs().get(id))
        .flatMap(Optional::stream)
        .map(job -> job.payload().replaceAll("^\"| .*", ""));
  }
}
