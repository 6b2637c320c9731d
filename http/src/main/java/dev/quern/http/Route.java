package dev.quern.http;

import dev.quern.Permission;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One thing that the server does.
///
/// @param method what it is called with
/// @param template its path: `{name}` stands for any segment, and `{name}:action` for one with an
///   action
/// @param body what it takes
/// @param open whether it needs no token, and is there while the server is about to stop
/// @param needs the permissions of which one is enough; none if every caller may
/// @param whole whether it is for callers alone who see the whole store
/// @param endpoint what it does
/// @param labels the name of its series in [Meter]
record Route(
    String method,
    List<String> template,
    Body body,
    boolean open,
    Set<Permission> needs,
    boolean whole,
    Endpoint endpoint,
    String labels) {

  /// What a route takes.
  enum Body {
    /// None.
    NONE,
    /// A JSON object.
    JSON,
    /// A JSON object, or none.
    PERHAPS,
    /// Lines, each a JSON object, as many as there are.
    LINES,
    /// Bytes of any type.
    BYTES
  }

  /// What a route does.
  interface Endpoint {
    /// @throws Problem if it cannot be done
    Answer answer(Call call) throws Exception;
  }

  private static Route of(String method, String path, Body body, Endpoint endpoint) {
    return new Route(
        method,
        List.of(path.substring(1).split("/")),
        body,
        false,
        Set.of(Permission.ADMIN),
        false,
        endpoint,
        Meter.series(path, method));
  }

  static Route get(String path, Endpoint endpoint) {
    return of("GET", path, Body.NONE, endpoint);
  }

  static Route post(String path, Body body, Endpoint endpoint) {
    return of("POST", path, body, endpoint);
  }

  static Route put(String path, Body body, Endpoint endpoint) {
    return of("PUT", path, body, endpoint);
  }

  static Route patch(String path, Endpoint endpoint) {
    return of("PATCH", path, Body.JSON, endpoint);
  }

  static Route delete(String path, Endpoint endpoint) {
    return of("DELETE", path, Body.NONE, endpoint);
  }

  /// The same, open to all.
  Route opened() {
    return new Route(method, template, body, true, Set.of(), false, endpoint, labels);
  }

  /// The same for callers with one of these permissions; without any for all who show a token. Else
  /// it is for administrators.
  Route needing(Permission... anyOf) {
    return new Route(method, template, body, open, Set.of(anyOf), whole, endpoint, labels);
  }

  /// The same for callers alone who see the whole store.
  Route ofWhole() {
    return new Route(method, template, body, open, needs, true, endpoint, labels);
  }

  /// Lets a caller do it.
  ///
  /// @throws Problem if it may not
  void admit(Caller caller) {
    if (!caller.may(needs)) {
      throw Problem.of(Fault.FORBIDDEN, "the token does not have the permission " + words());
    }
    if (whole && !caller.seesAll()) {
      throw Problem.of(Fault.FORBIDDEN, "this concerns all tenants: a token of one is not enough");
    }
  }

  private String words() {
    return needs.stream().map(Permission::label).sorted().collect(Collectors.joining(" or "));
  }

  /// Its path as it is written.
  String path() {
    return "/" + String.join("/", template);
  }

  /// Whether it is called with a method.
  boolean takes(String called) {
    return method.equals(called) || method.equals("GET") && called.equals("HEAD");
  }

  /// What stands for the names in its path; empty if a path is not its own.
  Optional<Map<String, String>> match(String[] segments) {
    if (segments.length != template.size()) {
      return Optional.empty();
    }
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < segments.length; i++) {
      if (!match(template.get(i), segments[i], names)) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  private static boolean match(String part, String segment, Map<String, String> names) {
    if (!part.startsWith("{")) {
      return part.equals(segment);
    }
    int brace = part.indexOf('}');
    String action = part.substring(brace + 1);
    String value = segment.substring(0, Math.max(0, segment.length() - action.length()));
    boolean fits = segment.endsWith(action) && !value.isEmpty() && value.indexOf(':') < 0;
    if (fits) {
      names.put(part.substring(1, brace), Percent.decode(value));
    }
    return fits;
  }

  /// The segments of a raw path.
  static String[] segments(String path) {
    String[] segments = path.split("/", -1);
    return Arrays.copyOfRange(segments, 1, segments.length);
  }
}
