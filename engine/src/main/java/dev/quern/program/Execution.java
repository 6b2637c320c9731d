package dev.quern.program;

import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.Program;
import dev.quern.StoreException;
import dev.quern.program.Processes.Badge;
import dev.quern.program.ProgramTable.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One attempt of one job by a program. Used by the thread of the handler, which may be virtual.
final class Execution {
  /// How long children that the program left behind may hold its output open.
  static final Duration LINGER = Duration.ofSeconds(5);

  /// When a program that could not begin is tried again.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /// How long the pipes may stay open after everybody known was killed.
  private static final Duration LAST_LINGER = Duration.ofSeconds(1);

  private final ProgramRoom room;
  private final Program program;
  private final JobContext job;
  private final StandardOutput output = new StandardOutput();
  private final StandardError errors;

  Execution(ProgramRoom room, Program program, JobContext job) {
    this.room = room;
    this.program = program;
    this.job = job;
    this.errors = new StandardError(job::log);
  }

  /// Runs the program to its end; after an interrupt that is the end of all its processes.
  void run() throws InterruptedException {
    if (job.fence() > 1) {
      endEarlier();
    }
    Map<String, String> environment = environment();
    Shell shell = room.threads().call(() -> Shell.start(program, environment, room.processes()));
    try {
      Row row = room.row(job, shell.id());
      if (admitted(row)) {
        settle(conduct(shell, row));
      }
    } finally {
      shell.dismiss();
    }
  }

  /// A program that cannot be entered, since the disk is full, say, does not begin: that is no
  /// failure of its job.
  private boolean admitted(Row row) {
    try {
      return room.registry().admit(row);
    } catch (StoreException fault) {
      throw new JobDeferredException(AGAIN, fault.getMessage());
    }
  }

  /// No two programs of a job run at the same time, whatever happened to earlier ones.
  private void endEarlier() {
    long before = job.fence() - 1;
    Optional<Row> row = room.registry().earlier(job.jobId(), job.fence());
    Family family =
        row.map(found -> room.families().of(found, before))
            .orElseGet(() -> room.families().of(job.jobId(), before));
    if (!end(family)) {
      throw JobFailedException.retry(
          "earlier_alive", "a program of an earlier attempt" + pid(row) + " cannot be killed");
    }
  }

  private static String pid(Optional<Row> row) {
    return row.map(found -> " (process " + found.process().pid() + ")").orElse("");
  }

  private Map<String, String> environment() {
    return Map.of(
        "QUERN_JOB_ID",
        Long.toString(job.jobId()),
        "QUERN_ATTEMPT",
        Integer.toString(job.attempt()),
        "QUERN_IDEMPOTENCY_KEY",
        job.idempotencyKey(),
        Badge.FENCE,
        Long.toString(job.fence()),
        Badge.COOKIE,
        room.families().of(job.jobId(), job.fence()).cookie());
  }

  private Exit conduct(Shell shell, Row row) throws InterruptedException {
    Family family = room.families().of(row, row.fence());
    boolean over = false;
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      shell.open(Input.of(program, job), output, errors, room.threads());
      Exit exit = new Exit(shell.exit());
      over = shell.silent(LINGER) || endRest(shell, family);
      return exit;
    } finally {
      over = over || end(family);
      errors.end();
      if (over) {
        room.registry().ended(row);
      }
    }
  }

  private boolean endRest(Shell shell, Family family) throws InterruptedException {
    job.log("quern: what the program left behind holds its output open, and is ended");
    boolean dead = end(family);
    if (!shell.silent(LAST_LINGER)) {
      job.log("quern: somebody unknown still holds the output open; what comes is lost");
    }
    return dead;
  }

  private boolean end(Family family) {
    return room.threads().call(() -> room.reaper().end(List.of(family)));
  }

  private void settle(Exit exit) {
    if (!exit.done()) {
      throw new JobFailedException(exit.failure(errors.lastWords()));
    }
    job.resultJson(output.json());
  }
}
