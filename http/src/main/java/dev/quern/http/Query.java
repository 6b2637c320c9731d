package dev.quern.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters of a target. What nobody asks for is refused by [#end].
final class Query {
  private final Map<String, String> parameters = new HashMap<>();

  /// @param raw as it is in the target; null if there is none
  Query(String raw) {
    if (raw != null && !raw.isEmpty()) {
      for (String part : raw.split("&")) {
        add(part);
      }
    }
  }

  private void add(String part) {
    int equals = part.indexOf('=');
    String name = decode(equals < 0 ? part : part.substring(0, equals));
    String value = equals < 0 ? "" : decode(part.substring(equals + 1));
    if (parameters.put(name, value) != null) {
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
