package dev.quern.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Where every request comes in: checks it, finds out who calls and what for, has it answered. It
/// leaves no exchange open, whatever happens.
final class Gate implements HttpHandler {
  private static final Logger LOG = System.getLogger(Gate.class.getName());

  /// How long the rest of a refused request is read, so that its sender can read the answer.
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Consumer<HttpExchange> grammar;
  private final Callers callers;
  private final Router router;
  private final Meter meter;
  private final ServerConfig config;
  private volatile boolean draining;

  /// @param grammar refuses with a [Problem] what a request may not look like
  Gate(
      Consumer<HttpExchange> grammar,
      Callers callers,
      Router router,
      Meter meter,
      ServerConfig config) {
    this.grammar = grammar;
    this.callers = callers;
    this.router = router;
    this.meter = meter;
    this.config = config;
  }

  /// From now on new work is refused, and whoever waits is answered.
  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  @Override
  public void handle(HttpExchange exchange) {
    try {
      new Turn(exchange).take();
      exchange.close();
    } catch (IOException _) {
      // The client is gone, or took too long, or must not go on.
      cutOff(exchange);
    } catch (Throwable fault) {
      LOG.log(Level.ERROR, "an answer was not sent as a whole", fault);
      cutOff(exchange);
    }
  }

  /// Ends a connection so that its client can tell that the answer is not whole. Closing an
  /// exchange would read what is left of its body, and can fail at it; a write of an interrupted
  /// thread closes the channel in any case.
  private static void cutOff(HttpExchange exchange) {
    Thread.currentThread().interrupt();
    try {
      OutputStream out = exchange.getResponseBody();
      out.write(' ');
      out.flush();
    } catch (IOException | RuntimeException _) {
      // That is what it is for.
    }
    try {
      exchange.close();
    } catch (RuntimeException _) {
      // The channel is closed.
    }
  }

  /// One request and its answer.
  private final class Turn {
    private final HttpExchange exchange;
    private final Outgoing outgoing;
    private Optional<Route> route = Optional.empty();

    Turn(HttpExchange exchange) {
      this.exchange = exchange;
      this.outgoing = new Outgoing(exchange);
    }

    void take() throws IOException {
      Guard.current().within(config.bodyDeadline());
      Incoming incoming = new Incoming(exchange);
      Answer answer = answer(incoming);
      answer = incoming.unread() || draining ? answer.closing() : answer;
      meter.answered(route, answer.status());
      boolean streamed = answer.content() instanceof Answer.Streamed;
      if (incoming.unread() && !streamed) {
        Guard.current().within(LINGER);
        require(incoming.answerable());
      }
      send(answer);
      require(incoming.answerable());
    }

    private static void require(boolean goesOn) throws IOException {
      if (!goesOn) {
        throw new IOException("the rest of the request makes no sense, or takes too long");
      }
    }

    private void send(Answer answer) throws IOException {
      try {
        outgoing.send(answer);
      } catch (IOException gone) {
        answer.onLoss().run();
        throw gone;
      }
    }

    private Answer answer(Incoming incoming) throws IOException {
      try {
        grammar.accept(exchange);
        return routed(incoming);
      } catch (Problem problem) {
        return problem.answer();
      } catch (IOException gone) {
        throw gone;
      } catch (Throwable fault) {
        return fault(fault);
      }
    }

    private Answer routed(Incoming incoming) throws Exception {
      Router.Found found =
          router.find(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
      route = Optional.of(found.route());
      Caller caller = caller(found.route(), incoming);
      if (draining && !found.route().open()) {
        throw Problem.closing(Fault.DRAINING, "try again: another one may take over");
      }
      Query query = new Query(exchange.getRequestURI().getRawQuery());
      String body = body(found.route(), incoming);
      Guard.current().within(config.handlerDeadline());
      return found
          .route()
          .endpoint()
          .answer(
              new Call(found.names(), query, caller, incoming, body, config, Gate.this::draining));
    }

    private Caller caller(Route route, Incoming incoming) {
      if (route.open()) {
        return callers.anyone();
      }
      Caller caller =
          callers.identify(incoming.header("Authorization"), incoming.header("Quern-Tenant"));
      route.admit(caller);
      return caller;
    }

    private String body(Route route, Incoming incoming) throws IOException {
      return switch (route.body()) {
        case NONE -> {
          incoming.none();
          yield "";
        }
        case JSON, PERHAPS -> incoming.json(config.bodyLimit());
        case LINES, BYTES -> "";
      };
    }

    /// A fault that is not the client's: it learns a number, the log has the rest.
    private Answer fault(Throwable fault) {
      Optional<Problem> known = Problem.known(fault);
      if (known.isPresent()) {
        return known.get().answer();
      }
      String number = UUID.randomUUID().toString();
      LOG.log(Level.ERROR, "request " + number + " failed", fault);
      return Problem.internal(number).answer();
    }
  }
}
