package dev.quern.trust;

import dev.quern.Backoff;
import dev.quern.Enqueued;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobEvent;
import dev.quern.JobFailedException;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// An application that enqueues and handles jobs in every way there is, and says on standard output
/// what it was told, a line for each thing, so that whoever kills it knows what it may rely on.
///
/// The payload of a job is its token, whose last part says what its handler does.
///
/// | line | meaning |
/// |---|---|
/// | `try WAY TOKEN…` | is about to enqueue these, together |
/// | `ack TOKEN ID new` | was told that this job is there |
/// | `ack TOKEN ID KEY` | was told that this job has the dedupe key already |
/// | `run ID` | a handler has begun |
/// | `end ID STATE` | was told that the job has ended |
/// | `stop ID` | is about to cancel this job |
/// | `stopped ID RESULT` | was told what came of it |
///
/// Cancelled and failed jobs are deleted soon after their end.
final class LoadApp {
  private static final String KIND = "job";

  /// What handlers do.
  private static final List<String> ACTIONS =
      List.of(
          "done", "done", "done", "done", "fail", "bad", "defer", "defer", "parent", "self",
          "stop");

  private static final QuernConfig CONFIG =
      QuernConfig.DEFAULT.retention(
          Map.of(
              JobState.CANCELLED, Duration.ofMillis(1),
              JobState.FAILED, Duration.ofMillis(200)));

  private static final int PRODUCERS = 3;
  private static final int BULK = 20;
  private static final long PAUSE_NANOS = 500_000;
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private final Quern quern;
  private final Connection own;
  private final String life;

  private LoadApp(Quern quern, Connection own, String life) {
    this.quern = quern;
    this.own = own;
    this.life = life;
  }

  /// Takes the database, and the name of this life; without a name it ends when all jobs have.
  public static void main(String[] args) throws Exception {
    try (Quern quern = Quern.open(Path.of(args[0]), CONFIG);
        Connection own = connect(args[0])) {
      LoadApp worker = new LoadApp(quern, own, args.length > 1 ? args[1] : "");
      worker.handle();
      if (worker.life.isEmpty()) {
        worker.awaitEnd();
      } else {
        worker.produce();
      }
    }
  }

  /// A connection of the application, with a table of what it has ordered and of what was done.
  private static Connection connect(String file) throws SQLException {
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:"
                + file
                + "?transaction_mode=IMMEDIATE&busy_timeout=10000&synchronous=FULL");
    try (var statement = connection.createStatement()) {
      statement.execute("create table if not exists app_order (token text not null) strict");
      statement.execute("create table if not exists app_effect (token text not null) strict");
    }
    return connection;
  }

  /// One write, so that a kill leaves no half of it.
  private static void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- enqueuing

  private void produce() throws InterruptedException {
    for (int i = 0; i < PRODUCERS; i++) {
      String name = life + "." + i;
      Thread.ofPlatform().start(() -> produce(name));
    }
    Thread.sleep(Duration.ofMinutes(5));
  }

  private void produce(String name) {
    Random random = new Random(name.hashCode());
    for (int n = 0; true; n++) {
      String token = name + "." + n + "." + ACTIONS.get(random.nextInt(ACTIONS.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> bulk(token);
        case 2 -> inOwnTransaction(token);
        case 3 -> unique(token, "key" + random.nextInt(5));
        default -> cancelSome(single(token), token);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static NewJob job(String token) {
    return NewJob.of(KIND, token);
  }

  private long single(String token) {
    say("try single " + token);
    Enqueued enqueued = quern.enqueue(job(token));
    acknowledge(token, enqueued, "");
    return enqueued.id();
  }

  private void cancelSome(long id, String token) {
    if (token.endsWith(".stop")) {
      say("stop " + id);
      say("stopped " + id + " " + quern.jobs().cancel(id, "as it must"));
    }
  }

  private void unique(String token, String key) {
    say("try unique " + token);
    acknowledge(token, quern.enqueue(job(token).dedupeKey(key)), key);
  }

  private static void acknowledge(String token, Enqueued enqueued, String key) {
    say("ack " + token + " " + enqueued.id() + " " + (enqueued.isNew() ? "new" : key));
  }

  private void bulk(String token) {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < BULK; i++) {
      tokens.add(i + "/" + token);
    }
    say("try bulk " + String.join(" ", tokens));
    List<Enqueued> enqueued = quern.enqueueAll(tokens.stream().map(LoadApp::job).toList());
    for (int i = 0; i < BULK; i++) {
      acknowledge(tokens.get(i), enqueued.get(i), "");
    }
  }

  private void inOwnTransaction(String token) {
    say("try own " + token);
    acknowledge(
        token,
        transaction(() -> {
          insert("app_order", token);
          return quern.enqueue(own, job(token));
        }),
        "");
  }

  // ---- the application's own transactions

  private interface Work<T> {
    T run() throws SQLException;
  }

  /// To go back to auto-commit commits; `commit()` would begin the next transaction at once, and
  /// with it take the write lock.
  private synchronized <T> T transaction(Work<T> work) {
    try {
      own.setAutoCommit(false);
      T answer = work.run();
      own.setAutoCommit(true);
      return answer;
    } catch (SQLException fault) {
      throw new IllegalStateException(fault);
    }
  }

  private void insert(String table, String token) throws SQLException {
    try (PreparedStatement insert =
        own.prepareStatement("insert into " + table + " (token) values (?)")) {
      insert.setString(1, token);
      insert.executeUpdate();
    }
  }

  // ---- handling

  private void handle() {
    quern
        .kinds()
        .policy(
            KIND,
            policy ->
                policy
                    .backoff(Backoff.constant(Duration.ofMillis(10)))
                    .maxAttempts(2)
                    .maxLosses(1_000_000));
    quern.listen(LoadApp::tell);
    quern.handle(KIND, String.class, this::handle);
    quern.start();
  }

  private static void tell(JobEvent event) {
    if (event.state().ended()) {
      say("end " + event.jobId() + " " + event.state().label());
    }
  }

  private void handle(String token, JobContext context) {
    say("run " + context.jobId());
    switch (token.substring(token.lastIndexOf('.') + 1)) {
      case "fail" -> throw JobFailedException.retry("no", "as it must");
      case "bad" -> throw JobFailedException.unrecoverable("bad", "as it must");
      case "defer" -> deferOnce(context);
      case "parent" -> context.enqueue(job("child/" + token + ".done"));
      case "self" -> completeItself(token, context);
      default -> context.result(token);
    }
  }

  private static void deferOnce(JobContext context) {
    if (context.fence() == 1) {
      throw new JobDeferredException(Duration.ofMillis(5), "later");
    }
  }

  private void completeItself(String token, JobContext context) {
    transaction(() -> {
      insert("app_effect", token);
      if (!context.complete(own)) {
        throw new IllegalStateException("job " + context.jobId() + " was lost");
      }
      return true;
    });
    say("end " + context.jobId() + " done");
  }

  private void awaitEnd() throws InterruptedException {
    while (live() > 0) {
      Thread.sleep(20);
    }
  }

  private long live() {
    return quern.jobs().counts().byKind().values().stream()
        .flatMap(states -> states.entrySet().stream())
        .filter(count -> count.getKey().live())
        .collect(Collectors.summingLong(Map.Entry<JobState, Long>::getValue));
  }
}
