package dev.quern.http;

import dev.quern.Counts;
import dev.quern.Permission;
import dev.quern.Series;
import dev.quern.SeriesQuery;
import dev.quern.json.JsonWriter;
import dev.quern.wire.CountsJson;
import dev.quern.wire.Members;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/// How many jobs there are, and were.
final class StatsRoutes {
  /// As far back as a series goes if nobody says how far.
  private static final Duration RANGE = Duration.ofHours(1);

  private final InstantSource clock = InstantSource.system();

  List<Route> routes() {
    return List.of(
        Route.get("/v1/stats", StatsRoutes::stats).needing(Permission.JOBS_READ),
        Route.get("/v1/stats/series", this::series).needing(Permission.JOBS_READ));
  }

  private static Answer stats(Call call) {
    call.query().end();
    Counts counts = call.view().jobs().counts();
    return Answer.json(json -> {
      json.beginObject().name("kinds").beginObject();
      for (String kind : counts.byKind().keySet()) {
        CountsJson.states(json.name(kind), state -> counts.of(kind, state));
      }
      json.endObject();
      CountsJson.states(json.name("total"), counts::of);
      json.endObject();
    });
  }

  private Answer series(Call call) {
    SeriesQuery query = read(call.query());
    Series series = Problem.checked("from", () -> call.view().jobs().series(query));
    return Answer.json(json -> write(json, query, series));
  }

  private SeriesQuery read(Query query) {
    String name =
        query.text("metric").orElseThrow(() -> Problem.at("metric", "the parameter is missing"));
    SeriesQuery.Metric metric = Problem.checked("metric", () -> SeriesQuery.Metric.of(name));
    boolean byKind = query.text("by").map(StatsRoutes::byKind).orElse(false);
    Optional<String> kind = query.text("kind");
    Instant to = time(query, "to").orElseGet(clock::instant);
    Instant from = time(query, "from").orElseGet(() -> to.minus(RANGE));
    Optional<Integer> step = query.whole("step");
    query.end();
    SeriesQuery all = Problem.checked("from", () -> SeriesQuery.of(metric, from, to));
    SeriesQuery cut =
        step.map(seconds -> Problem.checked("step", () -> all.step(Duration.ofSeconds(seconds))))
            .orElse(all);
    SeriesQuery only = kind.map(cut::kind).orElse(cut);
    return byKind ? only.eachKind() : only;
  }

  private static boolean byKind(String by) {
    if (!by.equals("kind")) {
      throw Problem.at("by", "must be kind, or left out");
    }
    return true;
  }

  private static Optional<Instant> time(Query query, String name) {
    return query.text(name).map(text -> time(name, text));
  }

  private static Instant time(String name, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw Problem.at(name, "must be a time as of RFC 3339, such as 2026-01-31T09:00:00Z");
    }
  }

  private static void write(JsonWriter json, SeriesQuery query, Series series) {
    json.beginObject();
    new Members(json)
        .text("metric", query.metric().label())
        .time("start", series.start())
        .seconds("stepSeconds", series.step());
    json.name("series").beginArray();
    series
        .byKind()
        .forEach((kind, counts) -> {
          json.beginObject();
          new Members(json).text("kind", Optional.of(kind).filter(k -> !k.equals(Series.ALL)));
          counts(json.name("counts"), counts);
          json.endObject();
        });
    json.endArray().name("others");
    series.others().ifPresentOrElse(counts -> counts(json, counts), json::nullValue);
    json.endObject();
  }

  private static void counts(JsonWriter json, List<Long> counts) {
    json.beginArray();
    counts.forEach(json::value);
    json.endArray();
  }
}
