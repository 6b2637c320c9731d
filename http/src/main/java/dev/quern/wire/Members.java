package dev.quern.wire;

import dev.quern.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Optional;

/// The members of a JSON object, written one after the other. What is absent is `null`, so that an
/// object always has the same members; times are RFC 3339 in UTC, durations numbers of seconds.
///
/// @param json where they go; the object has been begun
public record Members(JsonWriter json) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /// A moment as ISO 8601 in UTC, with milliseconds.
  public static String iso(Instant at) {
    return UTC.format(at);
  }

  public Members text(String name, String value) {
    json.name(name).value(value);
    return this;
  }

  public Members text(String name, Optional<String> value) {
    return value.map(present -> text(name, present)).orElseGet(() -> none(name));
  }

  public Members texts(String name, Collection<String> values) {
    json.name(name).beginArray();
    values.forEach(json::value);
    json.endArray();
    return this;
  }

  /// An id, which is a string in JSON.
  public Members id(String name, long id) {
    return text(name, Long.toString(id));
  }

  public Members number(String name, long value) {
    json.name(name).value(value);
    return this;
  }

  public Members number(String name, Optional<? extends Number> value) {
    return value.map(present -> real(name, present.doubleValue())).orElseGet(() -> none(name));
  }

  private Members real(String name, double value) {
    json.name(name);
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      json.value((long) value);
    } else {
      json.value(value);
    }
    return this;
  }

  public Members truth(String name, boolean value) {
    json.name(name).value(value);
    return this;
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
    value.ifPresentOrElse(present -> json.name(name).json(present), () -> none(name));
    return this;
  }

  /// A member that is absent.
  public Members none(String name) {
    json.name(name).nullValue();
    return this;
  }
}
