package dev.quern.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The parameters of a target. What nobody asks for is refused by [#end].
final class Query {
  private final Map<String, String> all = new LinkedHashMap<>();
  private final Map<String, String> parameters;

  /// @param raw as it is in the target; null if there is none
  Query(String raw) {
    if (raw != null && !raw.isEmpty()) {
      for (String part : raw.split("&")) {
        add(part);
      }
    }
    parameters = new HashMap<>(all);
  }

  private void add(String part) {
    int equals = part.indexOf('=');
    String name = decode(equals < 0 ? part : part.substring(0, equals));
    String value = equals < 0 ? "" : decode(part.substring(equals + 1));
    if (all.put(name, value) != null) {
      throw Problem.at(name, "the parameter is given twice");
    }
  }

  private static String decode(String raw) {
    return Percent.decode(raw.replace('+', ' '));
  }

  /// A parameter, which is used up.
  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.remove(name));
  }

  /// A parameter that is a whole number.
  Optional<Integer> whole(String name) {
    return text(name).map(value -> whole(name, value));
  }

  private static int whole(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw Problem.at(name, "must be a whole number");
    }
  }

  /// A parameter that is a list of names, with commas between them.
  ///
  /// @param known those that there are
  Optional<Set<String>> names(String name, Set<String> known) {
    return text(name).map(value -> names(name, known, value));
  }

  private static Set<String> names(String name, Set<String> known, String value) {
    Set<String> names = Set.copyOf(List.of(value.split(",")));
    for (String one : names) {
      if (!known.contains(one)) {
        String all = String.join(", ", new TreeSet<>(known));
        throw Problem.at(name, "there is no \"%s\": use some of %s".formatted(one, all));
      }
    }
    return names;
  }

  /// All of them, encoded, one of them with another value.
  String with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(all);
    changed.put(name, value);
    return changed.entrySet().stream()
        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// All have been asked for.
  ///
  /// @throws Problem if there are more
  void end() {
    List<Problem.Place> unknown =
        parameters.keySet().stream()
            .sorted()
            .map(name -> new Problem.Place(name, "there is no such parameter"))
            .toList();
    if (!unknown.isEmpty()) {
      throw Problem.of(unknown);
    }
  }
}
