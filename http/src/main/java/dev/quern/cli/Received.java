package dev.quern.cli;

import dev.quern.json.Json;
import dev.quern.json.JsonBoolean;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A JSON object that a server sent, member by member. A member that is missing or of another type
/// throws [IllegalArgumentException] with its name, one that is no time
/// [java.time.DateTimeException].
///
/// @param members by name, as they were written
record Received(Map<String, String> members) {

  /// Reads an object.
  ///
  /// @throws IllegalArgumentException if the text is none
  static Received of(String text) {
    Json.check(text);
    return new Received(Slices.members(text));
  }

  /// A member as it was written; empty if it is `null` or not there.
  Optional<String> json(String name) {
    return Optional.ofNullable(members.get(name)).filter(value -> !value.strip().equals("null"));
  }

  /// A member that must be there.
  static <T> T required(String name, Optional<T> value) {
    return value.orElseThrow(() -> misfit(name));
  }

  private static IllegalArgumentException misfit(String name) {
    return new IllegalArgumentException(
        "its member \"" + name + "\" is missing or of another type");
  }

  private <V extends JsonValue, T> Optional<T> read(
      String name, Class<V> type, Function<V, T> reader) {
    Optional<JsonValue> value = json(name).map(Json::parse);
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw misfit(name);
    }
    return value.map(type::cast).map(reader);
  }

  // ---- members

  Optional<String> perhapsText(String name) {
    return read(name, JsonString.class, JsonString::value);
  }

  String text(String name) {
    return required(name, perhapsText(name));
  }

  /// An id, which is a string in JSON.
  long id(String name) {
    return Long.parseLong(text(name));
  }

  Optional<Long> perhapsNumber(String name) {
    return read(name, JsonNumber.class, JsonNumber::longValue);
  }

  long number(String name) {
    return required(name, perhapsNumber(name));
  }

  Optional<Integer> perhapsWhole(String name) {
    return perhapsNumber(name).map(Received::whole);
  }

  int whole(String name) {
    return whole(number(name));
  }

  private static int whole(long number) {
    if (number != (int) number) {
      throw new IllegalArgumentException(number + " is too large");
    }
    return (int) number;
  }

  Optional<Double> perhapsReal(String name) {
    return read(name, JsonNumber.class, JsonNumber::doubleValue);
  }

  boolean truth(String name) {
    return required(name, read(name, JsonBoolean.class, JsonBoolean::value));
  }

  Optional<Instant> perhapsTime(String name) {
    return perhapsText(name).map(Instant::parse);
  }

  Instant time(String name) {
    return required(name, perhapsTime(name));
  }

  Optional<Duration> perhapsSeconds(String name) {
    return perhapsReal(name).map(seconds -> Duration.ofMillis(Math.round(seconds * 1_000)));
  }

  Duration seconds(String name) {
    return required(name, perhapsSeconds(name));
  }

  // ---- members with members

  Optional<Received> perhapsObject(String name) {
    return json(name).map(Slices::members).map(Received::new);
  }

  Received object(String name) {
    return required(name, perhapsObject(name));
  }

  /// An array of objects.
  <T> List<T> objects(String name, Function<Received, T> reader) {
    return Slices.elements(required(name, json(name))).stream()
        .map(Slices::members)
        .map(Received::new)
        .map(reader)
        .toList();
  }

  List<String> texts(String name) {
    return Slices.elements(required(name, json(name))).stream().map(Received::string).toList();
  }

  private static String string(String text) {
    if (Json.parse(text) instanceof JsonString string) {
      return string.value();
    }
    throw new IllegalArgumentException(text + " is no string");
  }
}
