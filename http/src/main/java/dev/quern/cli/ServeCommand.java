package dev.quern.cli;

import dev.quern.Program;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.WebhookTargets;
import dev.quern.http.QuernServer;
import dev.quern.http.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// `quern serve`: offers a database over HTTP, until it is stopped.
final class ServeCommand {
  private static final String MAKE = "quern token create NAME --permissions A,B";
  private static final Duration GRACE = Duration.ofDays(1);

  /// What programs get when no connections are accepted any more: whoever is to start this process
  /// anew waits for its end.
  private static final Duration DEAF_GRACE = Duration.ofMinutes(1);

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /// How many webhooks are sent at once where there are no programs.
  private static final int DELIVERIES = 16;

  private static final Option<InetSocketAddress> LISTEN =
      Option.of("listen", "HOST:PORT", "where to listen; port 0 takes a free one", Listen::address)
          .or("127.0.0.1:8080");
  private static final Option<Path> TOKEN_FILE =
      Option.path(
          "token-file", "FILE", "callers must show the token in this file, or one of the database");
  private static final Option<Boolean> REQUIRE_TOKEN =
      Option.flag("require-token", "callers must show a token of the database");
  private static final Option<List<String>> NAMES =
      Option.of("names", "A,B", "host names it answers to without a token", Values::names);
  private static final Option<WebhookTargets> WEBHOOKS =
      Option.of(
              "webhooks",
              "WHERE",
              "where webhooks may be sent: public, any or none",
              ServeCommand::targets)
          .or("public");
  private static final Option<Integer> JOBS =
      Option.count("jobs", "N", "how many programs run at once (default: one for each processor)");

  static final Command COMMAND =
      Command.named("serve", "offers the database over HTTP, to producers and workers")
          .options(LISTEN, REQUIRE_TOKEN, TOKEN_FILE, NAMES, Served.OPTION, WEBHOOKS, JOBS)
          .example("quern serve")
          .example("quern serve --listen 0.0.0.0:8080 --require-token")
          .example("quern serve --listen 0.0.0.0:8080 --token-file token")
          .example("quern serve --exec 'mail=./send' --jobs 4")
          .details(
              """
              On 127.0.0.1 no token is needed; anywhere else it starts only with --require-token or
              --token-file. 'quern token create' makes tokens, also while it runs. It speaks HTTP/1.1
              without TLS: towards other networks put a proxy in front of it. /openapi.json describes
              what it does. With --exec it also runs programs, as 'quern work' does.

              Webhooks are sent by https to public addresses; with --webhooks any to all others too.

              Ctrl-C or SIGTERM answers whoever waits and lets running programs finish, a second one
              stops them. The exit code is then 130 or 143.
              """)
          .does(ServeCommand::run);

  private final Quern quern;
  private final Console console;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicInteger exit = new AtomicInteger(Exit.OK);

  private ServeCommand(Quern quern, Console console) {
    this.quern = quern;
    this.console = console;
  }

  private static int run(Arguments arguments, Console console) throws Exception {
    Map<String, Program> programs = Served.programs(arguments.all(Served.OPTION));
    ServerConfig server = config(arguments);
    QuernConfig config =
        QuernConfig.DEFAULT
            .webhookTargets(arguments.value(WEBHOOKS))
            .concurrency(arguments.get(JOBS).orElse(programs.isEmpty() ? DELIVERIES : PROCESSORS));
    try (Quern quern = Database.open(arguments, console, config)) {
      programs.forEach(quern.programs()::handle);
      Path file = Database.file(arguments, console);
      checkToken(quern, server, file);
      return new ServeCommand(quern, console).serve(server, arguments, file);
    }
  }

  private static ServerConfig config(Arguments arguments) throws IOException {
    ServerConfig config =
        ServerConfig.DEFAULT
            .hosts(Set.copyOf(arguments.get(NAMES).orElse(List.of())))
            .exchanges(Math.min(ServerConfig.DEFAULT.exchanges(), Listen.prepare()));
    if (arguments.has(TOKEN_FILE)) {
      config = config.token(Files.readString(arguments.value(TOKEN_FILE)).strip());
    }
    if (arguments.has(REQUIRE_TOKEN)) {
      config = config.requireToken();
    }
    InetSocketAddress address = arguments.value(LISTEN);
    if (!config.tokenRequired() && !address.getAddress().isLoopbackAddress()) {
      throw new UsageException(
          Listen.text(address)
              + " can be reached from elsewhere: add --require-token and make a token with '"
              + MAKE
              + "', or name a file that has one with --token-file");
    }
    return config.address(address);
  }

  private static void checkToken(Quern quern, ServerConfig config, Path file) {
    Instant now = Instant.now();
    if (config.tokenRequired()
        && config.token().isEmpty()
        && quern.access().tokens().list().stream().noneMatch(token -> token.validAt(now))) {
      throw new Failed(
          Exit.FAILED,
          "callers must show a token, and %s has none that is good: %s"
              .formatted(file, make(file)));
    }
  }

  private static String make(Path file) {
    String db = file.equals(Path.of(Common.DEFAULT_DB)) ? "" : " --db " + file;
    return "'" + MAKE + db + "' makes one";
  }

  private static WebhookTargets targets(String text) {
    return switch (text) {
      case "public" -> WebhookTargets.PUBLIC;
      case "any" -> WebhookTargets.ANY;
      case "none" -> WebhookTargets.NONE;
      default -> throw new IllegalArgumentException(text + " is none of public, any and none");
    };
  }

  private int serve(ServerConfig config, Arguments arguments, Path file)
      throws InterruptedException {
    try (Signals _ = Signals.watch(this::signal)) {
      try (QuernServer server = QuernServer.start(quern, config)) {
        server.death().thenAccept(this::died);
        // Without programs there are webhooks to be sent.
        quern.start();
        tell(server, config.tokenRequired(), arguments.json(), file);
        stop.await();
      }
      quern.close(exit.get() == Exit.FAILED ? DEAF_GRACE : GRACE);
    }
    return exit.get();
  }

  private void tell(QuernServer server, boolean token, boolean json, Path file) {
    String url = "http://" + Listen.text(server.address());
    if (json) {
      console.json(out -> {
        out.beginObject().name("url").value(url);
        out.name("file").value(file.toString());
        out.name("version").value(VersionCommand.version()).endObject();
      });
      console.flush();
      return;
    }
    console.say("quern %s serves %s at %s".formatted(VersionCommand.version(), file, url));
    console.say(token ? "a token is needed: " + make(file) : "no token is needed; Ctrl-C stops");
    console.say(
        "try: curl %s--json '{\"kind\": \"hello\", \"payload\": {\"to\": \"you\"}}' %s/v1/jobs"
            .formatted(token ? "-H \"Authorization: Bearer $QUERN_TOKEN\" " : "", url));
  }

  /// Whoever watches over this process starts it anew; alone it would be deaf.
  private void died(Throwable fault) {
    if (exit.compareAndSet(Exit.OK, Exit.FAILED)) {
      try {
        console.say("no connections are accepted any more, so it stops: " + fault);
      } finally {
        stop.countDown();
      }
    }
  }

  /// The first lets requests and programs finish, the second ends programs, the third ends this
  /// process.
  private void signal(int code) {
    exit.set(code);
    stop.countDown();
    switch (signals.incrementAndGet()) {
      case 1 -> console.say("stopping when requests and programs have ended; again to stop them");
      case 2 -> Thread.ofPlatform().start(() -> quern.close(Duration.ZERO));
      default -> Runtime.getRuntime().halt(code);
    }
  }
}
