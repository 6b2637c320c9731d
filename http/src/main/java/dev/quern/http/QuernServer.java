package dev.quern.http;

import dev.quern.Quern;
import dev.quern.StoreException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Offers an engine over HTTP, to producers and workers in any language.
///
/// ```java
/// try (QuernServer server = QuernServer.start(quern, ServerConfig.DEFAULT.port(8080))) { … }
/// ```
///
/// It stands on the JDK's own server, which speaks HTTP/1.1 without TLS: towards the internet put a
/// proxy in front of it. Closing refuses new work, answers whoever waits, and lets requests go on
/// for the configured grace; the engine stays open.
public final class QuernServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(QuernServer.class.getName());

  private final Listener listener;
  private final CompletableFuture<Throwable> death = new CompletableFuture<>();
  private final Exchanges exchanges;
  private final Gate gate;
  private final Service service;
  private final ServerConfig config;

  private QuernServer(Quern quern, ServerConfig config) throws IOException {
    this.config = config;
    this.listener = new Listener(config.address());
    this.exchanges = new Exchanges(config.exchanges(), config.headerDeadline());
    Meter meter = new Meter();
    this.service = new Service(quern, exchanges, meter);
    Callers callers = new Callers(quern, config);
    Grammar grammar = new Grammar(names(config), config.tokenRequired());
    this.gate = new Gate(grammar::check, callers, new Router(service.routes()), meter, config);
  }

  /// Starts a server for an engine.
  ///
  /// @throws IllegalStateException if callers must show a token, and there is none to show
  /// @throws StoreException if the address cannot be listened on
  public static QuernServer start(Quern quern, ServerConfig config) {
    if (config.tokenRequired() && config.token().isEmpty() && !anyToken(quern)) {
      throw new IllegalStateException(
          "callers must show a token, and the store has none that is valid: issue one first");
    }
    try {
      return new QuernServer(quern, config).listening();
    } catch (IOException e) {
      throw new StoreException(
          "cannot listen on %s: %s".formatted(config.address(), e.getMessage()), e);
    }
  }

  private QuernServer listening() {
    try {
      listener.start(gate, exchanges, this::died);
      return this;
    } catch (RuntimeException | Error fault) {
      close();
      throw fault;
    }
  }

  private static boolean anyToken(Quern quern) {
    return quern.access().tokens().list().stream().anyMatch(token -> token.validAt(Instant.now()));
  }

  private static Set<String> names(ServerConfig config) {
    Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    names.add(config.address().getHostString().toLowerCase(Locale.ROOT));
    config.hosts().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  /// Where it listens, with the port that it took.
  public InetSocketAddress address() {
    return listener.address();
  }

  /// Tells the log first: there may be no memory for what comes after.
  private void died(Throwable fault) {
    try {
      LOG.log(Level.ERROR, "no connections are accepted any more: restart this process", fault);
    } finally {
      death.complete(fault);
    }
  }

  /// Completed with the error of which the thread that accepts connections has died, if that
  /// happens. No new request is answered then, and the port is free when the process has ended.
  public CompletionStage<Throwable> death() {
    return death.minimalCompletionStage();
  }

  /// Stops the server. Closing twice is fine.
  @Override
  public void close() {
    gate.drain();
    service.drain();
    exchanges.awaitNone(config.grace());
    listener.close();
    exchanges.close();
  }
}
