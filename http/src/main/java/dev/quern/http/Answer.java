package dev.quern.http;

import dev.quern.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// What is answered: a status, headers, and bytes or a stream of them. Immutable.
///
/// @param closes whether the connection is closed afterwards
/// @param onLoss what is done when it cannot be delivered
record Answer(
    int status, Map<String, String> headers, Content content, boolean closes, Runnable onLoss) {

  /// An answer of which nothing is undone when it is lost.
  Answer(int status, Map<String, String> headers, Content content, boolean closes) {
    this(status, headers, content, closes, () -> {});
  }

  /// What is in an answer.
  sealed interface Content {}

  /// Nothing.
  record Nothing() implements Content {}

  /// All at once.
  record Bytes(byte[] bytes) implements Content {}

  /// By and by.
  record Streamed(Stream stream) implements Content {}

  /// By and by, so many bytes.
  record Sized(long length, Stream stream) implements Content {}

  /// Writes what is answered by and by.
  interface Stream {
    /// @throws IOException if the client is gone
    void write(OutputStream out) throws IOException;
  }

  /// No content, status 204.
  static final Answer NO_CONTENT = new Answer(204, Map.of(), new Nothing(), false);

  /// A JSON value.
  static Answer json(int status, Consumer<JsonWriter> value) {
    StringBuilder text = new StringBuilder(256);
    value.accept(new JsonWriter(text));
    return text(status, "application/json", text.append('\n'));
  }

  /// A JSON value, status 200.
  static Answer json(Consumer<JsonWriter> value) {
    return json(200, value);
  }

  /// Things as a list, `{"data": […]}`.
  static <T> Answer list(List<T> things, BiConsumer<JsonWriter, T> writer) {
    return json(json -> list(json, things, writer));
  }

  /// The same, within another value.
  static <T> void list(JsonWriter json, List<T> things, BiConsumer<JsonWriter, T> writer) {
    json.beginObject().name("data").beginArray();
    things.forEach(thing -> writer.accept(json, thing));
    json.endArray().endObject();
  }

  /// A text of a type.
  static Answer text(int status, String type, CharSequence text) {
    return bytes(status, type, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Bytes of a type.
  static Answer bytes(int status, String type, byte[] bytes) {
    return new Answer(status, Map.of("Content-Type", type), new Bytes(bytes), false);
  }

  /// What is written by and by, of a type.
  static Answer stream(String type, Stream stream) {
    return new Answer(200, Map.of("Content-Type", type), new Streamed(stream), false);
  }

  /// So many bytes of a type, which are written by and by.
  static Answer sized(int status, String type, long length, Stream stream) {
    return new Answer(status, Map.of("Content-Type", type), new Sized(length, stream), false);
  }

  /// With a header.
  Answer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, more, content, closes, onLoss);
  }

  /// With the connection closed afterwards.
  Answer closing() {
    return new Answer(status, headers, content, true, onLoss);
  }

  /// With something to do when it cannot be delivered.
  Answer undelivered(Runnable onLoss) {
    return new Answer(status, headers, content, closes, onLoss);
  }
}
