package dev.quern.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the route of a request, by the path as it was sent.
final class Router {
  private final List<Route> routes;
  private final Map<Integer, List<Route>> byLength;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    this.byLength = routes.stream().collect(Collectors.groupingBy(r -> r.template().size()));
  }

  /// All routes.
  List<Route> routes() {
    return routes;
  }

  /// A route and what stands for the names in its path.
  record Found(Route route, Map<String, String> names) {}

  /// The route of a request.
  ///
  /// @throws Problem if there is none
  Found find(String method, String path) {
    String[] segments = Route.segments(path);
    List<Route> near = byLength.getOrDefault(segments.length, List.of());
    for (Route route : near) {
      Optional<Map<String, String>> names =
          route.takes(method) ? route.match(segments) : Optional.empty();
      if (names.isPresent()) {
        return new Found(route, names.get());
      }
    }
    throw notFound(near.stream().filter(route -> route.match(segments).isPresent()));
  }

  private static Problem notFound(Stream<Route> samePath) {
    List<String> methods = samePath.map(Route::method).distinct().sorted().toList();
    return methods.isEmpty()
        ? Problem.of(Fault.NOT_FOUND, "there is nothing at this path: /openapi.json lists all")
        : new Problem.NotAllowed(String.join(", ", methods));
  }
}
