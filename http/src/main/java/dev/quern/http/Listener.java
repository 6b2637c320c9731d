package dev.quern.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.quern.StoreException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// The JDK's server, listening. One thread of it accepts connections and waits for requests. An
/// error, such as a want of memory, ends that thread, and the JDK does not tell who has the server:
/// connections go on being made, and nobody answers. So this does. The port is taken until the
/// process ends.
final class Listener implements AutoCloseable {
  /// How many connections may wait to be accepted.
  private static final int BACKLOG = 1_024;

  private final HttpServer server;
  private Throwable failure;

  /// Binds an address.
  Listener(InetSocketAddress address) throws IOException {
    server = HttpServer.create(address, BACKLOG);
  }

  /// Starts to accept connections; `executor` is to call `handler`.
  ///
  /// @param died is told what the thread died of, by that thread
  void start(HttpHandler handler, Executor executor, Consumer<Throwable> died) {
    server.createContext("/", handler);
    server.setExecutor(executor);
    Thread starter = new Thread(new Watched(died), this::start, "quern-http-start");
    starter.setDaemon(Thread.currentThread().isDaemon());
    starter.start();
    join(starter);
    if (failure != null) {
      throw new StoreException("the server cannot start: " + failure, failure);
    }
  }

  private void start() {
    try {
      server.start();
    } catch (RuntimeException | Error fault) {
      failure = fault;
    }
  }

  /// Threads belong to the group of the thread that starts them, and a group is told of their ends.
  private static final class Watched extends ThreadGroup {
    private final Consumer<Throwable> died;

    Watched(Consumer<Throwable> died) {
      super("quern-http");
      this.died = died;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable fault) {
      try {
        died.accept(fault);
      } finally {
        super.uncaughtException(thread, fault);
      }
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Where it listens, with the port that it took.
  InetSocketAddress address() {
    return server.getAddress();
  }

  /// Closes all connections, and accepts no more.
  @Override
  public void close() {
    server.stop(0);
  }
}
