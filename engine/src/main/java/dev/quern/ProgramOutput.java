package dev.quern;

import dev.quern.json.Json;
import dev.quern.json.JsonBoolean;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What a program printed on its standard output, read from the result of its job. Immutable but
/// for the array, which is the caller's.
///
/// The result is a JSON string if the output was UTF-8 without NUL and not cut. Otherwise it is
/// `{"base64": "…", "bytes": n, "cut": true}`: the bytes that were kept, how many there were, and
/// whether some are missing. Text so full of control characters that its JSON exceeds
/// [JobContext#RESULT_LIMIT] is kept in this form too.
public final class ProgramOutput {

  /// The most bytes of an output that are kept: 16 MiB. The rest is counted and thrown away.
  public static final int LIMIT = 16 << 20;

  private final byte[] bytes;
  private final long totalBytes;
  private final boolean cut;

  private ProgramOutput(byte[] bytes, long totalBytes, boolean cut) {
    this.bytes = bytes;
    this.totalBytes = totalBytes;
    this.cut = cut;
  }

  /// Reads the result of a job that a program has done.
  ///
  /// @throws IllegalArgumentException if it is not the result of a program
  public static ProgramOutput of(String resultJson) {
    return switch (Json.parse(resultJson)) {
      case JsonString text -> of(text.value().getBytes(StandardCharsets.UTF_8));
      case JsonObject object -> of(object);
      default -> throw new IllegalArgumentException("not the result of a program");
    };
  }

  private static ProgramOutput of(byte[] bytes) {
    return new ProgramOutput(bytes, bytes.length, false);
  }

  private static ProgramOutput of(JsonObject object) {
    if (member(object, "base64") instanceof JsonString(String base64)
        && member(object, "bytes") instanceof JsonNumber total
        && member(object, "cut") instanceof JsonBoolean(boolean cut)) {
      return new ProgramOutput(Base64.getDecoder().decode(base64), total.longValue(), cut);
    }
    throw new IllegalArgumentException("not the result of a program");
  }

  private static JsonValue member(JsonObject object, String name) {
    return object
        .get(name)
        .orElseThrow(() -> new IllegalArgumentException("not the result of a program: no " + name));
  }

  /// The bytes that were kept, exactly as they were printed.
  public byte[] bytes() {
    return bytes;
  }

  /// How many bytes were printed.
  public long totalBytes() {
    return totalBytes;
  }

  /// Whether only the first [#LIMIT] bytes were kept.
  public boolean cut() {
    return cut;
  }
}
