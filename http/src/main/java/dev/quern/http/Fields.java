package dev.quern.http;

import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonBoolean;
import dev.quern.json.JsonException;
import dev.quern.json.JsonNull;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The members of a JSON object in a request. What does not fit is refused with a JSON pointer, and
/// so is what nobody asks for, by [#end]. A member that is `null` is the same as none.
final class Fields {
  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(10_000_000_000L);

  private final String pointer;
  private final Map<String, JsonValue> members;

  private Fields(String pointer, JsonObject object) {
    this.pointer = pointer;
    this.members = new LinkedHashMap<>(object.members());
  }

  /// The members of a body.
  ///
  /// @throws Problem if it is not one JSON object
  static Fields of(String body) {
    return of("", parse(body));
  }

  private static JsonValue parse(String body) {
    try {
      return Json.parse(body);
    } catch (JsonException refused) {
      throw Problem.of(Fault.SYNTAX, "the body is not JSON: " + refused.getMessage());
    }
  }

  private static Fields of(String pointer, JsonValue value) {
    if (value instanceof JsonObject object) {
      return new Fields(pointer, object);
    }
    throw Problem.at(pointer, "must be an object");
  }

  private String at(String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /// The place of a member, for what the engine refuses.
  <T> T checked(String name, java.util.function.Supplier<T> call) {
    return Problem.checked(at(name), call);
  }

  /// Where this object is.
  String pointer() {
    return pointer;
  }

  // ---- members

  private Optional<JsonValue> take(String name) {
    return Optional.ofNullable(members.remove(name)).filter(value -> !(value instanceof JsonNull));
  }

  private <T> Optional<T> take(String name, String what, Function<JsonValue, T> reader) {
    return take(name).map(value -> read(at(name), what, value, reader));
  }

  private static <T> T read(
      String at, String what, JsonValue value, Function<JsonValue, T> reader) {
    try {
      T read = reader.apply(value);
      if (read != null) {
        return read;
      }
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException _) {
      // It is refused with the place that it has.
    }
    throw Problem.at(at, "must be " + what);
  }

  /// A member that must be there.
  <T> T required(String name, Optional<T> value) {
    return value.orElseThrow(() -> Problem.at(at(name), "is missing"));
  }

  Optional<String> text(String name) {
    return take(name, "a string", Fields::string);
  }

  private static String string(JsonValue value) {
    return value instanceof JsonString string ? string.value() : null;
  }

  Optional<Integer> whole(String name) {
    return take(
        name,
        "a whole number within ±2,147,483,647",
        value -> value instanceof JsonNumber n ? Math.toIntExact(n.longValue()) : null);
  }

  Optional<Long> large(String name) {
    return take(
        name,
        "a whole number within ±9,223,372,036,854,775,807",
        value -> value instanceof JsonNumber n ? n.longValue() : null);
  }

  Optional<Double> number(String name) {
    return take(name, "a number", value -> value instanceof JsonNumber n ? n.doubleValue() : null);
  }

  Optional<Boolean> truth(String name) {
    return take(name, "true or false", value -> value instanceof JsonBoolean b ? b.value() : null);
  }

  /// A duration, which is a number of seconds.
  Optional<Duration> seconds(String name) {
    return take(name, "a number of seconds", Fields::duration);
  }

  private static Duration duration(JsonValue value) {
    if (value instanceof JsonNumber number
        && number.decimalValue().abs().compareTo(MOST_SECONDS) <= 0) {
      return Duration.ofMillis(number.decimalValue().movePointRight(3).longValue());
    }
    return null;
  }

  /// A moment, as RFC 3339 writes it.
  Optional<Instant> instant(String name) {
    return take(
        name,
        "a time such as 2027-01-31T09:00:00Z",
        value -> OffsetDateTime.parse(String.valueOf(string(value))).toInstant());
  }

  Optional<List<String>> texts(String name) {
    return list(name).map(list -> strings(at(name), list));
  }

  private static List<String> strings(String at, List<JsonValue> list) {
    List<String> strings = new ArrayList<>();
    for (JsonValue value : list) {
      strings.add(read(at + "/" + strings.size(), "a string", value, Fields::string));
    }
    return strings;
  }

  private Optional<List<JsonValue>> list(String name) {
    return take(name, "an array", value -> value instanceof JsonArray a ? a.elements() : null);
  }

  /// Any value, as JSON text.
  Optional<String> json(String name) {
    return Optional.ofNullable(members.remove(name)).map(Json::write);
  }

  Optional<Fields> object(String name) {
    return take(name).map(value -> of(at(name), value));
  }

  Optional<List<Fields>> objects(String name) {
    return list(name).map(list -> objects(at(name), list));
  }

  private static List<Fields> objects(String at, List<JsonValue> list) {
    List<Fields> objects = new ArrayList<>();
    for (JsonValue value : list) {
      objects.add(of(at + "/" + objects.size(), value));
    }
    return objects;
  }

  /// All have been asked for.
  ///
  /// @throws Problem if there are more
  void end() {
    List<Problem.Place> unknown =
        members.keySet().stream()
            .map(name -> new Problem.Place(at(name), "there is no such member"))
            .toList();
    if (!unknown.isEmpty()) {
      throw Problem.of(unknown);
    }
  }
}
