package dev.quern.run;

import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunSpec;
import dev.quern.RunStatus;
import dev.quern.Runs;
import dev.quern.StoreException;
import dev.quern.core.Core;
import dev.quern.store.Tx;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The runs of a store.
public final class RunRoom implements Runs {
  /// The most lines that are read at once.
  private static final int PAGE_LIMIT = 1_000;

  /// How many lines are forgotten in one transaction.
  private static final int FORGET_PAGE = 500;

  private final Core core;

  /// The runs of the store of an engine.
  public RunRoom(Core core) {
    this.core = core;
  }

  // ---- being at a run

  @Override
  public Run open(RunSpec spec) {
    long owner = core.owner();
    return new OpenRun(core, core.store().writer().write(tx -> begin(tx, spec, owner)));
  }

  private RunTable.Row begin(Tx tx, RunSpec spec, long owner) throws SQLException {
    Optional<RunTable.Row> known = RunTable.find(tx, spec.name());
    if (known.isEmpty()) {
      return RunTable.insert(tx, spec, owner, core.store().clock().millis());
    }
    RunTable.Row row = takeOver(tx, known.get(), owner);
    if (row.blank()) {
      return RunTable.redefine(tx, row, spec);
    }
    check(row.spec(), spec);
    return row;
  }

  private static void check(RunSpec books, RunSpec asked) {
    if (!books.command().equals(asked.command())) {
      throw Refusals.command(books, asked);
    }
    if (!books.directory().equals(asked.directory())) {
      throw Refusals.directory(books, asked);
    }
    if (books.json() != asked.json()) {
      throw Refusals.form(books);
    }
  }

  @Override
  public Run reopen(String name) {
    return new OpenRun(core, takeOver(name)).skip();
  }

  private static RunTable.Row known(Tx tx, String name) throws SQLException {
    return RunTable.find(tx, name).orElseThrow(() -> Refusals.unknown(name));
  }

  private RunTable.Row takeOver(String name) {
    long owner = core.owner();
    return core.store().writer().write(tx -> takeOver(tx, known(tx, name), owner));
  }

  private RunTable.Row takeOver(Tx tx, RunTable.Row row, long owner) throws SQLException {
    Optional<Long> pid = atWork(tx, row);
    if (pid.isPresent()) {
      throw Refusals.atWork(row.spec().name(), pid.get());
    }
    return RunTable.own(tx, row, owner);
  }

  /// The process that is at a run.
  private Optional<Long> atWork(Tx tx, RunTable.Row row) throws SQLException {
    return row.owner() != 0 && alive(row.owner())
        ? RunTable.pid(tx, row.owner())
        : Optional.empty();
  }

  private boolean alive(long owner) {
    try {
      return core.store().owners().alive(owner);
    } catch (IOException e) {
      throw new StoreException("cannot look whether engine " + owner + " is alive", e);
    }
  }

  // ---- looking

  @Override
  public Optional<RunStatus> find(String name) {
    return core.store()
        .readers()
        .read(tx -> {
          Optional<RunTable.Row> row = RunTable.find(tx, name);
          return row.isPresent() ? Optional.of(status(tx, row.get())) : Optional.empty();
        });
  }

  @Override
  public List<RunStatus> list() {
    return core.store()
        .readers()
        .read(tx -> {
          List<RunStatus> all = new ArrayList<>();
          for (RunTable.Row row : RunTable.all(tx)) {
            all.add(status(tx, row));
          }
          return List.copyOf(all);
        });
  }

  private RunStatus status(Tx tx, RunTable.Row row) throws SQLException {
    return new RunStatus(row.spec(), row.createdAt(), row.lines(), row.complete(), atWork(tx, row));
  }

  @Override
  public List<RunLine> lines(String name, long after, int limit) {
    if (limit < 1 || limit > PAGE_LIMIT) {
      throw new IllegalArgumentException(
          "%,d lines in a page: must be between 1 and %,d".formatted(limit, PAGE_LIMIT));
    }
    return core.store()
        .readers()
        .read(tx -> {
          Optional<RunTable.Row> row = RunTable.find(tx, name);
          return row.isPresent() ? RunLineTable.lines(tx, row.get().id(), after, limit) : List.of();
        });
  }

  // ---- forgetting

  @Override
  public long forget(String name) {
    RunTable.Row row = takeOver(name);
    try {
      forgetAll(row);
    } finally {
      core.store().writer().write(tx -> RunTable.release(tx, row.id(), row.owner()));
    }
    return row.lines();
  }

  private void forgetAll(RunTable.Row row) {
    long left = row.lines();
    while (left > 0) {
      long after = Math.max(0, left - FORGET_PAGE);
      core.store().writer().write(tx -> cut(tx, row, after));
      left = after;
    }
    core.store().writer().write(tx -> RunTable.delete(tx, row.id(), row.owner()));
  }

  private boolean cut(Tx tx, RunTable.Row row, long after) throws SQLException {
    if (!RunTable.shrink(tx, row.id(), row.owner(), after)) {
      throw Refusals.takenOver(row.spec());
    }
    if (!core.delete(tx, RunLineTable.jobs(tx, row.id(), after, FORGET_PAGE))) {
      throw Refusals.stillRuns(row.spec().name());
    }
    RunLineTable.delete(tx, row.id(), after);
    return true;
  }
}
