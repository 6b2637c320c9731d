package dev.quern.store;

import dev.quern.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A few platform threads, each with its own connection, that answer questions. Each question sees
/// one state of the store. Callers may be virtual threads: they wait here, not inside the driver.
public final class Readers implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int QUEUE_LIMIT = 10_000;

  private final Writer.Source source;
  private final Dialect dialect;
  private final Faults faults;
  private final ThreadPoolExecutor pool;
  private final ThreadLocal<Tx> own = new ThreadLocal<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  Readers(Writer.Source source, Dialect dialect, Faults faults, String name) {
    this.source = source;
    this.dialect = dialect;
    this.faults = faults;
    this.pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE_LIMIT),
            Thread.ofPlatform().name(name, 1).daemon().factory());
  }

  /// Answers a question from one consistent state of the store.
  ///
  /// @throws StoreException if the store cannot be read
  public <T> T read(Work<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      pool.execute(() -> answer(question, answer));
    } catch (RejectedExecutionException e) {
      throw refusal(e);
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private RuntimeException refusal(RejectedExecutionException e) {
    return pool.isShutdown()
        ? new IllegalStateException("the engine is closed: open a new one")
        : new StoreException("too many questions wait for an answer: ask fewer at once", e);
  }

  private <T> void answer(Work<T> question, CompletableFuture<T> answer) {
    try {
      answer.complete(inOneState(question));
    } catch (SQLException fault) {
      answer.completeExceptionally(faults.of(fault));
    } catch (RuntimeException | Error fault) {
      answer.completeExceptionally(fault);
    }
  }

  private <T> T inOneState(Work<T> question) throws SQLException {
    Tx tx = tx();
    try {
      tx.prepared("begin").executeUpdate();
      T answer = question.apply(tx);
      tx.prepared("rollback").executeUpdate();
      return answer;
    } catch (Throwable fault) {
      tx.abandon();
      throw fault;
    }
  }

  private Tx tx() throws SQLException {
    Tx tx = own.get();
    if (tx == null) {
      Connection connection = source.open();
      tx = new Tx(connection, dialect);
      own.set(tx);
      remember(tx, connection);
    }
    return tx;
  }

  private synchronized void remember(Tx tx, Connection connection) {
    opened.add(tx);
    opened.add(connection);
  }

  /// Answers what was asked, then closes the connections.
  @Override
  public void close() {
    pool.shutdown();
    try {
      pool.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closeAll();
  }

  private synchronized void closeAll() {
    for (AutoCloseable each : opened) {
      try {
        each.close();
      } catch (Exception e) {
        throw new StoreException("a reader was not closed", e);
      }
    }
    opened.clear();
  }
}
