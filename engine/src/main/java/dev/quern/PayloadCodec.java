package dev.quern;

/// Turns payloads and results into JSON text and back. The built-in one,
/// [dev.quern.json.JsonCodec], knows records, enums, collections, `java.time` and sealed types; an
/// adapter to another JSON library takes about ten lines.
///
/// A codec is called on the threads of callers and handlers, so it must be safe for use by several
/// threads.
public interface PayloadCodec {

  /// Writes `value` as one JSON text (RFC 8259).
  ///
  /// @throws IllegalArgumentException if the value cannot be written; the message names the path
  String encode(Object value);

  /// Reads `json` as a `T`.
  ///
  /// @throws IllegalArgumentException if the text is not JSON or does not fit the type; the message
  ///   names the path or the position. A job whose payload cannot be read fails as
  ///   [FailureClass#UNRECOVERABLE].
  <T> T decode(String json, Class<T> type);
}
