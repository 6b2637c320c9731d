package dev.quern.wire;

import dev.quern.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The members of a JSON object, written one after the other. What is absent is `null`, so that an
/// object always has the same members; times are RFC 3339 in UTC, durations numbers of seconds.
///
/// @param json where they go; the object has been begun
/// @param wanted the names of those that are written; others are left out
public record Members(JsonWriter json, Predicate<String> wanted) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /// All members.
  public Members(JsonWriter json) {
    this(json, _ -> true);
  }

  /// A member whose value is written by another; left out where it is not wanted.
  public Members with(String name, Consumer<JsonWriter> value) {
    if (wanted.test(name)) {
      value.accept(json.name(name));
    }
    return this;
  }

  /// A moment as ISO 8601 in UTC, with milliseconds.
  public static String iso(Instant at) {
    return UTC.format(at);
  }

  public Members text(String name, String value) {
    return with(name, to -> to.value(value));
  }

  public Members text(String name, Optional<String> value) {
    return value.map(present -> text(name, present)).orElseGet(() -> none(name));
  }

  public Members texts(String name, Collection<String> values) {
    return with(
        name,
        to -> {
          to.beginArray();
          values.forEach(to::value);
          to.endArray();
        });
  }

  /// An id, which is a string in JSON.
  public Members id(String name, long id) {
    return text(name, Long.toString(id));
  }

  public Members number(String name, long value) {
    return with(name, to -> to.value(value));
  }

  public Members number(String name, Optional<? extends Number> value) {
    return value.map(present -> real(name, present.doubleValue())).orElseGet(() -> none(name));
  }

  private Members real(String name, double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return with(
        name,
        to -> {
          if (whole) {
            to.value((long) value);
          } else {
            to.value(value);
          }
        });
  }

  public Members truth(String name, boolean value) {
    return with(name, to -> to.value(value));
  }

  public Members time(String name, Instant value) {
    return text(name, iso(value));
  }

  public Members time(String name, Optional<Instant> value) {
    return text(name, value.map(Members::iso));
  }

  public Members seconds(String name, Duration value) {
    return real(name, value.toMillis() / 1_000.0);
  }

  public Members seconds(String name, Optional<Duration> value) {
    return value.map(present -> seconds(name, present)).orElseGet(() -> none(name));
  }

  /// A value that is JSON text already.
  public Members json(String name, Optional<String> value) {
    return value.map(present -> with(name, to -> to.json(present))).orElseGet(() -> none(name));
  }

  /// A member that is absent.
  public Members none(String name) {
    return with(name, JsonWriter::nullValue);
  }
}
