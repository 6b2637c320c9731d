package dev.quern.store;

import dev.quern.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/// The only one in a process that writes to a store. Callers queue at its door; it takes all who
/// are waiting, applies what they ask in one transaction, and answers when that is durable. There
/// are no timers: alone a caller pays for one flush, in a crowd hundreds share it.
///
/// With a thread of its own it goes round by itself; without one ([#turn]) its callers drive it.
///
/// An error, such as memory that a handler has used up, may strike at any point. It never ends the
/// thread: what was asked is answered, the transaction is undone, the database is opened anew.
public final class Writer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Writer.class.getName());

  /// The most rows in one batch, unless one request alone has more.
  static final int BATCH_ROWS = 1_000;

  /// The most bytes in one batch, unless one request alone has more.
  static final int BATCH_BYTES = 4 << 20;

  /// How long the writer rests when something failed that nobody waits for.
  private static final long CHORE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// SQLite counts from 1.
  private static final long UNKNOWN_VERSION = -1;

  /// What opens a new connection.
  public interface Source {
    /// Opens one.
    Connection open() throws SQLException;
  }

  private final Session session;
  private final Faults faults;
  private final Upkeep upkeep;
  private final Examination examination;
  private final Attendant attendant;
  private final InstantSource clock;
  private final Door door = new Door();
  private final Pace pace = new Pace(System::nanoTime);
  private final SeldomLog seldom = new SeldomLog(LOG);

  private Tx tx;
  private long dataVersion = UNKNOWN_VERSION;
  private boolean foreign = true;
  private boolean broken;
  private boolean failing;
  private long dueAt;
  private Thread thread;
  private volatile boolean closing;
  private volatile boolean closed;

  Writer(
      Source source,
      Dialect dialect,
      Faults faults,
      Upkeep upkeep,
      Attendant attendant,
      InstantSource clock,
      Duration busyTimeout)
      throws SQLException {
    this.session = new Session(source, dialect, clock, busyTimeout, pace);
    this.faults = faults;
    this.upkeep = upkeep;
    this.examination = new Examination(dialect, System::nanoTime);
    this.attendant = attendant;
    this.clock = clock;
    connect();
  }

  /// Starts its own thread.
  void start(String name) {
    thread = Thread.ofPlatform().name(name).unstarted(this::run);
    thread.start();
  }

  /// Applies one request and waits until it is durable.
  ///
  /// @param rows how many rows it writes, about
  /// @param bytes how many bytes it writes, about
  /// @throws StoreException if it could not be written
  public <W, T> T call(Step<W, T> step, W member, int rows, int bytes) {
    Request<W, T> request = new Request<>(step, member, rows, bytes, null);
    enter(request);
    while (thread == null && !request.answered()) {
      turn();
    }
    return request.await();
  }

  /// Applies work of its own kind and waits until it is durable.
  public <T> T write(Work<T> work) {
    return write(work, 0);
  }

  /// Applies work of its own kind that writes so many bytes, about, and waits until it is durable.
  public <T> T write(Work<T> work, int bytes) {
    return call(Alone.step(), work, 1, bytes);
  }

  /// Applies one request; `onAnswer` is told on the thread that writes, with the answer or with the
  /// fault.
  public <W, T> void send(
      Step<W, T> step, W member, int rows, int bytes, BiConsumer<T, RuntimeException> onAnswer) {
    enter(new Request<>(step, member, rows, bytes, onAnswer::accept));
  }

  private void enter(Request<?, ?> request) {
    if (closed) {
      throw closedException();
    }
    if (thread == null || thread == Thread.currentThread()) {
      door.enterAtOnce(request);
    } else {
      door.enter(request);
    }
    if (closed) {
      refuseRest();
    }
  }

  /// Makes an idle writer look at once.
  public void wake() {
    door.wake();
  }

  private void run() {
    try {
      while (!closing || !door.empty()) {
        goRoundSafely();
      }
    } finally {
      // Nobody may wait for a thread that an error has ended.
      finish();
    }
  }

  private void goRoundSafely() {
    try {
      goRound();
    } catch (Error fault) {
      broken = true;
      LockSupport.parkNanos(CHORE_PAUSE_NANOS);
    }
  }

  private void goRound() {
    boolean active = turn();
    if (failing) {
      // Not within the turn: whoever waits for its end would wait for this, too.
      failing = false;
      door.sleep(CHORE_PAUSE_NANOS);
    } else if (active) {
      pace.active();
    } else {
      door.sleep(pace.restNanos(dueAt - clock.millis()));
      pace.rested();
    }
  }

  /// Takes note that a connection of the same process is about to commit.
  public void expectForeign() {
    if (pace.expect()) {
      wake();
    }
  }

  /// One round: whatever is waiting or due is written. Called by one thread at a time.
  ///
  /// @return whether there was anything
  public synchronized boolean turn() {
    if (closed) {
      throw closedException();
    }
    List<Request<?, ?>> batch = new ArrayList<>();
    try {
      door.take(batch, BATCH_ROWS, BATCH_BYTES);
      ready();
      if (batch.isEmpty() && !due() && !foreignWork()) {
        return false;
      }
      commit(batch);
      if (thread != null) {
        pace.leaveGap();
      }
    } catch (SQLException fault) {
      failTurn(batch, faults.of(fault));
    } catch (StoreException fault) {
      failTurn(batch, fault);
    } catch (RuntimeException fault) {
      Answers.log(Level.ERROR, "a batch failed", fault);
      failTurn(batch, fault);
    } catch (Error fault) {
      broken = true;
      failTurn(batch, faults.ofBatch(fault));
    }
    return true;
  }

  /// Nothing is written to a file that is known to be damaged or gone.
  private void ready() throws SQLException {
    if (faults.mayHavePassed() && examination.acquits(session.source())) {
      faults.acquitted();
      broken = true;
    }
    refuseRuin();
    mend();
    upkeep.look(tx);
    refuseRuin();
  }

  private void refuseRuin() {
    faults
        .ruin()
        .ifPresent(why -> {
          throw why;
        });
  }

  /// After an error that struck between two batches it is not known how far the connection is.
  private void mend() throws SQLException {
    if (broken) {
      session.disconnect();
      attendant.rolledBack(true);
      broken = false;
    }
    connect();
  }

  private boolean due() {
    dueAt = attendant.dueAt();
    return dueAt <= clock.millis();
  }

  private void failTurn(List<Request<?, ?>> batch, RuntimeException why) {
    Answers.fail(batch, why);
    if (batch.isEmpty()) {
      tellNobody(why);
    }
  }

  /// Where no request can be told of a fault, whoever drives the writer is.
  private void tellNobody(RuntimeException why) {
    if (thread == null) {
      throw why;
    }
    failing = true;
    seldom.warn("what is due could not be written", why);
  }

  /// Returns when the batch that is under way, if there is one, has been written and announced.
  public synchronized void awaitTurn() {
    // Whoever writes a batch has the lock.
  }

  private boolean foreignWork() throws SQLException {
    return sawForeignCommit() && attendant.probe(tx);
  }

  private boolean sawForeignCommit() throws SQLException {
    long version = tx.dataVersion();
    if (version == dataVersion) {
      return false;
    }
    if (dataVersion != UNKNOWN_VERSION) {
      pace.neighbourSeen();
    }
    dataVersion = version;
    foreign = true;
    pace.active();
    return true;
  }

  /// Writes a batch, or, when one of its members breaks a rule, each half of it, so that in the end
  /// that member is on its own.
  private void commit(List<Request<?, ?>> batch) throws SQLException {
    try {
      apply(batch);
    } catch (SQLException | RuntimeException | Error fault) {
      undo(!faults.concernsOneMember(fault));
      answerFault(batch, fault);
      return;
    }
    announce(batch);
  }

  private void answerFault(List<Request<?, ?>> batch, Throwable fault) throws SQLException {
    if (batch.isEmpty() || !faults.concernsOneMember(fault)) {
      failAll(batch, fault);
    } else if (batch.size() == 1) {
      Answers.fail(batch, faults.ofBatch(fault));
    } else {
      int half = batch.size() / 2;
      commit(batch.subList(0, half));
      // The first half may have ended with a ruin, or with a connection that is not used again.
      refuseRuin();
      connect();
      commit(batch.subList(half, batch.size()));
    }
  }

  /// The batch is durable. Whatever fails here cannot undo it.
  private void announce(List<Request<?, ?>> batch) {
    foreign = false;
    Answers.safely(attendant::committed);
    Answers.succeed(batch);
  }

  private void apply(List<Request<?, ?>> batch) throws SQLException {
    Optional<BatchEvent> event = BatchEvent.begun();
    session.begin(tx);
    sawForeignCommit();
    attendant.begun(tx, foreign);
    for (List<Request<?, ?>> ofOneStep : Request.byStep(batch)) {
      Request.applyAll(tx, ofOneStep);
    }
    attendant.finish(tx, !batch.isEmpty());
    commit();
    beDurable(batch);
    Answers.safely(() -> event.ifPresent(batched -> batched.end(batch.size())));
  }

  /// Needs no memory: nothing may come between this and the commit.
  private static void beDurable(List<Request<?, ?>> batch) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).beDurable();
    }
  }

  private void commit() throws SQLException {
    try {
      tx.prepared("commit").executeUpdate();
    } catch (SQLException | Error fault) {
      throw new CommitFault(fault);
    }
  }

  private void failAll(List<Request<?, ?>> batch, Throwable fault) {
    RuntimeException why = faults.ofBatch(fault);
    if (why instanceof StoreException.OutcomeUnknown) {
      Answers.log(Level.ERROR, "a commit failed; the database is opened anew", fault);
      session.doubt();
      connectIfPossible();
      Answers.fail(batch, why);
      return;
    }
    if (why instanceof StoreException.Full) {
      upkeep.makeRoom(tx);
    }
    failTurn(batch, why);
  }

  private void undo(boolean stuck) {
    foreign = true;
    tx.abandon();
    attendant.rolledBack(stuck);
  }

  private void connect() throws SQLException {
    if (session.connect()) {
      tx = session.tx();
      dataVersion = UNKNOWN_VERSION;
      foreign = true;
    }
  }

  /// The next turn tries again.
  private void connectIfPossible() {
    try {
      refuseRuin();
      connect();
    } catch (SQLException | StoreException fault) {
      seldom.warn("the database could not be opened anew", faults.ofBatch(fault));
    }
  }

  private void finish() {
    closed = true;
    refuseRest();
    session.disconnect();
  }

  private void refuseRest() {
    List<Request<?, ?>> rest = new ArrayList<>();
    door.take(rest, Integer.MAX_VALUE, Integer.MAX_VALUE);
    Answers.fail(rest, closedException());
  }

  private static IllegalStateException closedException() {
    return new IllegalStateException("the engine is closed: open a new one");
  }

  /// Writes what is waiting, then closes the connection. Closing twice is fine.
  @Override
  public void close() {
    closing = true;
    if (thread == null) {
      closeHere();
      return;
    }
    door.wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void closeHere() {
    while (!closed && !door.empty()) {
      turn();
    }
    if (!closed) {
      finish();
    }
  }
}
