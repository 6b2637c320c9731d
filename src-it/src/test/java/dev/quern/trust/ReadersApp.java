package dev.quern.trust;

import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// An application that works at full speed while others read: first several whose transactions
/// overlap, so that there is never a moment without one; then one that never ends its own.
///
/// | line | meaning |
/// |---|---|
/// | `overlap RESTARTS KIB MIB` | how often the log began anew, the longest it was, what was written |
/// | `leaking KIB` | a reader has stayed; goes on when a line comes in |
/// | `recovered KIB` | the reader has gone, and this is the log |
/// | `end ACKNOWLEDGED RUN` | how many jobs were acknowledged, and how many ran |
final class ReadersApp {
  private static final int PAYLOAD = 256 << 10;
  private static final int BATCH = 4;
  private static final long LIMIT_KIB = 64 << 10;
  private static final long LEAK_KIB = 100 << 10;
  private static final int OVERLAPPING = 3;
  private static final Duration PAUSE = Duration.ofMillis(8);

  private final Quern quern;
  private final Path database;
  private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<Long> run = ConcurrentHashMap.newKeySet();
  private volatile boolean overlapping = true;
  private long writtenMib;

  private ReadersApp(Quern quern, Path database) {
    this.quern = quern;
    this.database = database;
  }

  /// Takes the database, how often the log is to begin anew, and how many MiB may be written until
  /// then.
  public static void main(String[] args) throws Exception {
    Path database = Path.of(args[0]);
    QuernConfig config =
        QuernConfig.DEFAULT.retention(Map.of(JobState.DONE, Duration.ZERO)).concurrency(4);
    try (Quern quern = Quern.open(database, config)) {
      ReadersApp app = new ReadersApp(quern, database);
      app.handle();
      if (app.overlap(Integer.parseInt(args[1]), Long.parseLong(args[2]))) {
        app.leak();
      }
      app.end();
    }
  }

  private void handle() {
    quern.handle("big", String.class, (_, context) -> run.add(context.jobId()));
    quern.start();
  }

  private void write() throws InterruptedException {
    NewJob job = NewJob.of("big", "x".repeat(PAYLOAD));
    quern
        .enqueueAll(IntStream.range(0, BATCH).mapToObj(_ -> job).toList())
        .forEach(enqueued -> acknowledged.add(enqueued.id()));
    writtenMib += (long) PAYLOAD * BATCH >> 20;
    Thread.sleep(PAUSE);
  }

  private long walKib() throws IOException {
    Path wal = Path.of(database + "-wal");
    return Files.exists(wal) ? Files.size(wal) >> 10 : 0;
  }

  // ---- readers that overlap

  private boolean overlap(int restarts, long mostMib) throws Exception {
    startReaders();
    int seen = 0;
    long longest = 0;
    while (seen < restarts && writtenMib < mostMib) {
      boolean was = walKib() > LIMIT_KIB;
      write();
      longest = Math.max(longest, walKib());
      seen += was && walKib() <= LIMIT_KIB ? 1 : 0;
    }
    overlapping = false;
    System.out.println("overlap " + seen + " " + longest + " " + writtenMib);
    return seen == restarts;
  }

  private void startReaders() {
    for (int i = 0; i < OVERLAPPING; i++) {
      Random random = new Random(i);
      Thread.ofPlatform().daemon().start(() -> readAgain(random));
    }
    Thread.ofPlatform().daemon().start(this::askAgain);
  }

  private void readAgain(Random random) {
    try (Connection connection = connect()) {
      while (overlapping) {
        beginToRead(connection);
        Thread.sleep(50 + random.nextInt(150));
        connection.rollback();
      }
    } catch (SQLException | InterruptedException fault) {
      throw new IllegalStateException(fault);
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    connection.setAutoCommit(false);
    return connection;
  }

  private static void beginToRead(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from quern_kind")) {
      row.next();
    }
  }

  /// The engine's own readers.
  private void askAgain() {
    while (overlapping) {
      quern.jobs().list(JobFilter.ALL);
      quern.jobs().counts();
    }
  }

  // ---- a reader that stays

  private void leak() throws Exception {
    try (Connection connection = connect()) {
      beginToRead(connection);
      while (walKib() < LEAK_KIB) {
        write();
      }
      System.out.println("leaking " + walKib());
      System.in.read();
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (walKib() > LIMIT_KIB && System.nanoTime() < deadline) {
      write();
    }
    System.out.println("recovered " + walKib());
  }

  // ---- the end

  private void end() throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!run.containsAll(acknowledged) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    List<Long> both = acknowledged.stream().filter(run::contains).toList();
    System.out.println("end " + acknowledged.size() + " " + both.size());
  }
}
