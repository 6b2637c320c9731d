package dev.quern.cli;

import dev.quern.Program;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.http.QuernServer;
import dev.quern.http.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// `quern serve`: offers a database over HTTP, until it is stopped.
final class ServeCommand {
  private static final Duration GRACE = Duration.ofDays(1);

  private static final Option<InetSocketAddress> LISTEN =
      Option.of("listen", "HOST:PORT", "where to listen; port 0 takes a free one", Listen::address)
          .or("127.0.0.1:8080");
  private static final Option<Path> TOKEN_FILE =
      Option.path(
          "token-file", "FILE", "the token that callers must show; needed beyond 127.0.0.1");
  private static final Option<List<String>> NAMES =
      Option.of("names", "A,B", "host names it answers to without a token", Values::names);
  private static final Option<Integer> JOBS =
      Option.count("jobs", "N", "how many programs run at once (default: one for each processor)");

  static final Command COMMAND =
      Command.named("serve", "offers the database over HTTP, to producers and workers")
          .options(LISTEN, TOKEN_FILE, NAMES, Served.OPTION, JOBS)
          .example("quern serve")
          .example("quern serve --listen 0.0.0.0:8080 --token-file token")
          .example("quern serve --exec 'mail=./send' --jobs 4")
          .details(
              """
              On 127.0.0.1 no token is needed; anywhere else it does not start without one. It speaks
              HTTP/1.1 without TLS: towards other networks put a proxy in front of it. /openapi.json
              describes what it does. With --exec it also runs programs, as 'quern work' does.

              Ctrl-C or SIGTERM answers whoever waits and lets running programs finish, a second one
              stops them. The exit code is then 130 or 143.
              """)
          .does(ServeCommand::run);

  private final Quern quern;
  private final Console console;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger signals = new AtomicInteger();
  private volatile int exit = Exit.OK;

  private ServeCommand(Quern quern, Console console) {
    this.quern = quern;
    this.console = console;
  }

  private static int run(Arguments arguments, Console console) throws Exception {
    Map<String, Program> programs = Served.programs(arguments.all(Served.OPTION));
    ServerConfig server = config(arguments);
    QuernConfig config =
        QuernConfig.DEFAULT.concurrency(
            arguments.get(JOBS).orElse(Runtime.getRuntime().availableProcessors()));
    try (Quern quern = Database.open(arguments, console, config)) {
      programs.forEach(quern.programs()::handle);
      return new ServeCommand(quern, console)
          .serve(server, !programs.isEmpty(), arguments, Database.file(arguments, console));
    }
  }

  private static ServerConfig config(Arguments arguments) throws IOException {
    ServerConfig config =
        ServerConfig.DEFAULT
            .hosts(Set.copyOf(arguments.get(NAMES).orElse(List.of())))
            .exchanges(
                Math.min(
                    ServerConfig.DEFAULT.exchanges(),
                    Math.min(Listen.exchanges(), Listen.prepare())));
    if (arguments.has(TOKEN_FILE)) {
      config = config.token(Files.readString(arguments.value(TOKEN_FILE)).strip());
    }
    InetSocketAddress address = arguments.value(LISTEN);
    if (config.token().isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw new UsageException(
          Listen.text(address)
              + " can be reached from elsewhere: name a file with a token with --token-file; 'openssl"
              + " rand -hex 32' makes one");
    }
    return config.address(address);
  }

  private int serve(ServerConfig config, boolean works, Arguments arguments, Path file)
      throws InterruptedException {
    try (Signals _ = Signals.watch(this::signal)) {
      try (QuernServer server = QuernServer.start(quern, config)) {
        if (works) {
          quern.start();
        }
        tell(server, config.token().isPresent(), arguments.json(), file);
        stop.await();
      }
      quern.close(GRACE);
    }
    return exit;
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
    console.say(token ? "a token is needed" : "no token is needed; Ctrl-C stops");
    console.say(
        "try: curl %s--json '{\"kind\": \"hello\", \"payload\": {\"to\": \"you\"}}' %s/v1/jobs"
            .formatted(token ? "-H \"Authorization: Bearer $TOKEN\" " : "", url));
  }

  /// The first lets requests and programs finish, the second ends programs, the third ends this
  /// process.
  private void signal(int code) {
    exit = code;
    stop.countDown();
    switch (signals.incrementAndGet()) {
      case 1 -> console.say("stopping when requests and programs have ended; again to stop them");
      case 2 -> Thread.ofPlatform().start(() -> quern.close(Duration.ZERO));
      default -> Runtime.getRuntime().halt(code);
    }
  }
}
