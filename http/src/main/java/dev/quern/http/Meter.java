package dev.quern.http;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/// What the server counts of itself. Safe for use by several threads.
final class Meter {
  private static final String REQUESTS =
      "quern_http_requests_total{route=\"%s\",method=\"%s\",code=\"";

  /// What the counts are, by the names of their families.
  static final Map<String, String> HELP =
      Map.of(
          "quern_http_requests_total", "Answers by route, method and status",
          "quern_claims_total", "Claims of workers by how they ended");

  private static final String NO_ROUTE = REQUESTS.formatted("none", "none");

  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /// The name of the series of a route, up to the status.
  static String series(String path, String method) {
    return REQUESTS.formatted(path, method);
  }

  /// Takes note of an answer.
  void answered(Optional<Route> route, int status) {
    add(route.map(Route::labels).orElse(NO_ROUTE) + status + "\"}", 1);
  }

  /// Takes note of how a claim ended: `jobs`, `empty` or `disconnected`.
  void claimed(String result) {
    add("quern_claims_total{result=\"" + result + "\"}", 1);
  }

  private void add(String series, long more) {
    counts.computeIfAbsent(series, _ -> new LongAdder()).add(more);
  }

  /// Tells all counts by name.
  void each(ObjLongConsumer<String> reader) {
    new TreeMap<>(counts).forEach((series, count) -> reader.accept(series, count.sum()));
  }
}
