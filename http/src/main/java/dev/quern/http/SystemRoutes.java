package dev.quern.http;

import dev.quern.Permission;
import dev.quern.Quern;
import dev.quern.wire.Members;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/// What the server says of itself and of the store as a whole.
final class SystemRoutes {
  private final Quern quern;
  private final Exchanges exchanges;
  private final Meter meter;
  private final IntSupplier waiting;
  private final IntSupplier streams;
  private final Instant startedAt = Instant.now();
  private final byte[] description = resource("openapi.json");

  SystemRoutes(
      Quern quern, Exchanges exchanges, Meter meter, IntSupplier waiting, IntSupplier streams) {
    this.quern = quern;
    this.exchanges = exchanges;
    this.meter = meter;
    this.waiting = waiting;
    this.streams = streams;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/info", this::info).needing(),
        Route.get("/livez", call -> plain(200, "ok")).opened(),
        Route.get("/readyz", this::ready).opened(),
        Route.get("/healthz", this::ready).opened(),
        Route.get("/metrics", this::metrics).needing(Permission.JOBS_READ).ofWhole(),
        Route.get("/openapi.json", call -> Answer.bytes(200, "application/json", description))
            .opened(),
        Route.get("/problems/{name}", SystemRoutes::problem).opened());
  }

  private static byte[] resource(String name) {
    try (InputStream in = SystemRoutes.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer plain(int status, String text) {
    return Answer.text(status, "text/plain; charset=utf-8", text + "\n");
  }

  // ---- health

  /// Whether it takes requests and the store answers.
  private Answer ready(Call call) {
    if (call.draining().getAsBoolean()) {
      return plain(503, "stopping");
    }
    try {
      quern.jobs().get(1);
      return plain(200, "ok");
    } catch (RuntimeException _) {
      return plain(503, "the store does not answer");
    }
  }

  private Answer info(Call call) {
    call.query().end();
    return Answer.json(json -> {
      json.beginObject();
      new Members(json)
          .text("name", "quern")
          .text("version", version())
          .text("java", Runtime.version().toString())
          .time("startedAt", startedAt)
          .time("serverTime", Instant.now());
      json.endObject();
    });
  }

  private static String version() {
    return Optional.ofNullable(SystemRoutes.class.getPackage().getImplementationVersion())
        .orElse("unreleased");
  }

  private static Answer problem(Call call) {
    return Arrays.stream(Fault.values())
        .filter(fault -> fault.label().equals(call.name("name")))
        .findFirst()
        .map(fault -> plain(200, fault.status() + ": " + fault.title()))
        .orElseThrow(() -> Problem.of(Fault.NOT_FOUND, "there is no such type of problem"));
  }

  // ---- metrics

  private Answer metrics(Call call) {
    call.query().end();
    String text =
        new Prometheus()
            .gauge("quern_build_info", "Which Quern this is, on which Java")
            .sample(
                "quern_build_info{version=\"%s\",java=\"%s\"}"
                    .formatted(version(), Runtime.version()),
                1)
            .jobs(quern.jobs().counts())
            .timings(quern.timings())
            .gauge("quern_http_exchanges", "Requests that are worked on, long polls included")
            .sample("quern_http_exchanges", exchanges.open())
            .gauge("quern_claims_waiting", "Claims of workers that wait for jobs")
            .sample("quern_claims_waiting", waiting.getAsInt())
            .gauge("quern_event_streams", "Streams of events")
            .sample("quern_event_streams", streams.getAsInt())
            .counter("quern_http_refused_total", "Connections closed because there were too many")
            .sample("quern_http_refused_total", exchanges.refused())
            .counts(meter)
            .text();
    return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", text);
  }
}
