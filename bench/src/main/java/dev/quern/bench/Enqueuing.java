package dev.quern.bench;

import dev.quern.NewJob;
import dev.quern.Quern;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Ways to enqueue. Every call waits until its jobs are durable.
public enum Enqueuing {
  /// One caller on a platform thread.
  ONE_PLATFORM(1, 1, false),
  /// One caller on a virtual thread.
  ONE_VIRTUAL(1, 1, true),
  /// 64 callers on virtual threads.
  WAITING_64(64, 1, true),
  /// 256 callers on virtual threads.
  WAITING_256(256, 1, true),
  /// 2,000 callers on virtual threads.
  WAITING_2000(2_000, 1, true),
  /// One caller of `enqueueAll` with 1,000 jobs.
  BULK_1000(1, 1_000, false),
  /// One job in each transaction of a caller's own connection.
  TRANSACTION_1(1, 1, false),
  /// 100 jobs in each transaction of a caller's own connection.
  TRANSACTION_100(1, 100, false),
  /// No engine: the bare insert in auto-commit mode on a platform thread.
  BARE_PLATFORM(1, 1, false),
  /// No engine: the bare insert in auto-commit mode on a virtual thread, which pins its carrier.
  BARE_VIRTUAL(1, 1, true);

  private static final String KIND = "enqueued";

  private final Callers callers;
  private final int bulk;

  Enqueuing(int callers, int bulk, boolean virtual) {
    this.callers = new Callers(callers, virtual);
    this.bulk = bulk;
  }

  /// How many jobs one measurement enqueues, for some tenths of a second.
  int usualJobs() {
    return callers.count() > 1 ? 100_000 : bulk == 1 ? 2_000 : bulk * 200;
  }

  private boolean bare() {
    return this == BARE_PLATFORM || this == BARE_VIRTUAL;
  }

  private boolean inTransactions() {
    return this == TRANSACTION_1 || this == TRANSACTION_100;
  }

  /// Enqueues `jobs` into a new store.
  ///
  /// @return jobs a second
  double run(Path file, int jobs, boolean keyed) throws Exception {
    if (bare()) {
      return bare(file, jobs);
    }
    try (Quern quern = Quern.open(file)) {
      quern.enqueue(NewJob.json(KIND, "null"));
      return inTransactions()
          ? inTransactions(quern, file, jobs, keyed)
          : calls(quern, jobs, keyed);
    }
  }

  private double bare(Path file, int jobs) throws Exception {
    Quern.open(file).close();
    try (FloorTable table = new FloorTable(Pragmas.connect(file), KIND)) {
      long nanos =
          callers.run(_ ->
              () -> {
                for (int i = 0; i < jobs; i++) {
                  table.insertOne(Floor.payload(i));
                }
                return null;
              });
      return Rate.per(jobs, nanos);
    }
  }

  private double calls(Quern quern, int jobs, boolean keyed) throws Exception {
    int calls = jobs / callers.count() / bulk;
    long nanos =
        callers.run(caller ->
            () -> {
              for (int i = 0; i < calls; i++) {
                enqueue(quern, (caller * calls + i) * bulk, keyed);
              }
              return null;
            });
    return Rate.per((long) calls * callers.count() * bulk, nanos);
  }

  private void enqueue(Quern quern, int first, boolean keyed) {
    if (bulk == 1) {
      quern.enqueue(job(first, keyed));
    } else {
      quern.enqueueAll(jobs(first, keyed));
    }
  }

  private double inTransactions(Quern quern, Path file, int jobs, boolean keyed) throws Exception {
    try (Connection connection = applications(file)) {
      int commits = jobs / bulk;
      long nanos =
          callers.run(_ ->
              () -> {
                for (int i = 0; i < commits; i++) {
                  quern.enqueueAll(connection, jobs(i * bulk, keyed));
                  connection.commit();
                }
                return null;
              });
      return Rate.per((long) commits * bulk, nanos);
    }
  }

  /// A connection as an application opens it, as durable as the engine's.
  private static Connection applications(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    Pragmas.run(connection, "pragma synchronous = full");
    Pragmas.run(connection, "pragma busy_timeout = 10000");
    connection.setAutoCommit(false);
    return connection;
  }

  private List<NewJob> jobs(int first, boolean keyed) {
    List<NewJob> jobs = new ArrayList<>(bulk);
    for (int i = 0; i < bulk; i++) {
      jobs.add(job(first + i, keyed));
    }
    return jobs;
  }

  private static NewJob job(int number, boolean keyed) {
    NewJob job = NewJob.json(KIND, Floor.payload(number));
    return keyed ? job.dedupeKey("key:" + number) : job;
  }
}
