package dev.quern.run;

import dev.quern.JobEvent;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunProgress;
import dev.quern.RunSpec;
import dev.quern.StoreException;
import dev.quern.Transition;
import dev.quern.core.Core;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A run that this engine is at: its input goes in on one side, what has ended comes out on the
/// other.
public final class OpenRun implements Run {
  private final Core core;
  private final RunTable.Row row;
  private final Harvest harvest;
  private final Input input;
  private final AutoCloseable listening;
  private final AtomicLong retries = new AtomicLong();

  /// At most one permit: there may be news.
  private final Semaphore news = new Semaphore(0);

  /// Whether the last wait was in vain; then somebody else may have ended a line.
  private volatile boolean quiet;

  OpenRun(Core core, RunTable.Row row) {
    this.core = core;
    this.row = row;
    long now = core.store().clock().millis();
    this.harvest = new Harvest(core.store().readers(), row.id(), row.spec().kind(), now);
    this.input = new Input(core, row, harvest);
    this.listening = core.listen(this::hear);
  }

  private void hear(JobEvent event) {
    if (event.kind().equals(row.spec().kind())) {
      if (event.transition() == Transition.RETRY) {
        retries.incrementAndGet();
      } else if (event.state().ended()) {
        tell();
      }
    }
  }

  private void tell() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  @Override
  public RunSpec spec() {
    return row.spec();
  }

  // ---- the input

  @Override
  public void take(List<String> lines) {
    input.take(lines);
  }

  @Override
  public void end() {
    input.end();
    tell();
  }

  /// Takes the books for the input.
  OpenRun skip() {
    input.skip();
    return this;
  }

  @Override
  public boolean caughtUp() {
    return input.caughtUp();
  }

  // ---- what has ended

  @Override
  public void await(Duration patience) throws InterruptedException {
    quiet = !news.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public List<RunLine> nextEnded() {
    return harvest.next();
  }

  @Override
  public List<RunLine> nextInOrder() {
    return harvest.nextInOrder();
  }

  @Override
  public RunProgress progress() {
    return harvest.progress(input.taken(), input.over(), retries.get());
  }

  @Override
  public boolean finished() {
    return input.over()
        && (quiet || harvest.endings() >= input.taken())
        && !core.store().readers().read(tx -> RunLineTable.live(tx, spec().kind()))
        && !harvest.takeStock();
  }

  @Override
  public void verify() {
    core.unwritten().ifPresent(OpenRun::rethrow);
    core.store().writer().write(this::touch);
  }

  private static void rethrow(RuntimeException fault) {
    throw fault;
  }

  private boolean touch(Tx tx) throws SQLException {
    if (!RunTable.touch(tx, row.id(), row.owner())) {
      throw Refusals.takenOver(spec());
    }
    return true;
  }

  @Override
  public void close() {
    try {
      listening.close();
      core.store().writer().write(tx -> RunTable.release(tx, row.id(), row.owner()));
    } catch (IllegalStateException | StoreException _) {
      // A closed engine is at no run, and one that cannot write will soon be closed.
    } catch (Exception e) {
      throw new StoreException("run %s was not let go of".formatted(spec().name()), e);
    }
  }
}
