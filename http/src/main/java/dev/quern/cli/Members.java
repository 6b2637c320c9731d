package dev.quern.cli;

import dev.quern.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// The members of a JSON object, written one after the other. What is absent is `null`, so that an
/// object always has the same members; times are RFC 3339 in UTC, durations numbers of seconds.
///
/// @param json where they go; the object has been begun
record Members(JsonWriter json) {

  Members text(String name, String value) {
    json.name(name).value(value);
    return this;
  }

  Members text(String name, Optional<String> value) {
    return value.map(present -> text(name, present)).orElseGet(() -> none(name));
  }

  Members texts(String name, Collection<String> values) {
    json.name(name).beginArray();
    values.forEach(json::value);
    json.endArray();
    return this;
  }

  /// An id, which is a string in JSON.
  Members id(String name, long id) {
    return text(name, Long.toString(id));
  }

  Members number(String name, long value) {
    json.name(name).value(value);
    return this;
  }

  Members number(String name, Optional<? extends Number> value) {
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

  Members truth(String name, boolean value) {
    json.name(name).value(value);
    return this;
  }

  Members time(String name, Instant value) {
    return text(name, When.iso(value));
  }

  Members time(String name, Optional<Instant> value) {
    return text(name, value.map(When::iso));
  }

  Members seconds(String name, Duration value) {
    return real(name, value.toMillis() / 1_000.0);
  }

  Members seconds(String name, Optional<Duration> value) {
    return value.map(present -> seconds(name, present)).orElseGet(() -> none(name));
  }

  /// A value that is JSON text already.
  Members json(String name, Optional<String> value) {
    value.ifPresentOrElse(present -> json.name(name).json(present), () -> none(name));
    return this;
  }

  /// A member that is absent.
  Members none(String name) {
    json.name(name).nullValue();
    return this;
  }
}
