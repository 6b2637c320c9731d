package dev.quern.webhook;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The end of the time that a delivery may take, from the lookup of the name to the answer. A read
/// limit of a socket is no such thing, since each byte begins it anew. Used by one thread.
final class Deadline implements AutoCloseable {
  private final Duration length;
  private final long atNanos;
  private Thread guard;

  private Deadline(Duration length) {
    this.length = length;
    this.atNanos = System.nanoTime() + length.toNanos();
  }

  /// From now on.
  static Deadline in(Duration length) {
    return new Deadline(length);
  }

  /// What is left, in milliseconds.
  ///
  /// @throws SocketTimeoutException if nothing is
  int leftMillis() throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(atNanos - System.nanoTime());
    if (left <= 0) {
      throw passed();
    }
    return (int) Math.min(Integer.MAX_VALUE, left);
  }

  /// Whether nothing is left.
  boolean hasPassed() {
    return System.nanoTime() - atNanos >= 0;
  }

  SocketTimeoutException passed() {
    return new SocketTimeoutException("no answer within " + length);
  }

  /// Closes a socket when the time is up, whatever it is doing.
  void guard(Socket socket) {
    close();
    guard = Thread.startVirtualThread(() -> closeInTime(socket));
  }

  private void closeInTime(Socket socket) {
    try {
      TimeUnit.NANOSECONDS.sleep(atNanos - System.nanoTime());
      socket.close();
    } catch (InterruptedException | IOException e) {
      // It is not needed any more.
    }
  }

  /// Waits for a call that cannot be interrupted, on a thread that a processor is not tied to.
  <T> T call(Callable<T> call) throws IOException {
    FutureTask<T> task = new FutureTask<>(call);
    Thread.ofPlatform().daemon().name("quern-webhook-lookup").start(task);
    try {
      return task.get(leftMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw passed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a name was looked up");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException fault ? fault : new IOException(e.getCause());
    }
  }

  @Override
  public void close() {
    if (guard != null) {
      guard.interrupt();
    }
  }
}
