package dev.quern.program;

import dev.quern.JobContext;
import dev.quern.ProgramOutput;
import dev.quern.json.Json;
import dev.quern.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The beginning of what a program prints, and how much it was. Safe for use by several threads.
final class StandardOutput implements Shell.Sink {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private long total;

  @Override
  public synchronized void take(byte[] bytes, int length) {
    kept.write(bytes, 0, Math.min(length, ProgramOutput.LIMIT - kept.size()));
    total += length;
  }

  /// The result of the job, as [ProgramOutput] reads it.
  synchronized String json() {
    byte[] bytes = kept.toByteArray();
    boolean cut = total > bytes.length;
    return (cut ? Optional.<String>empty() : text(bytes).flatMap(text -> quoted(text, bytes)))
        .orElseGet(() -> object(Base64.getEncoder().encodeToString(bytes), cut));
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return Optional.of(text).filter(string -> string.indexOf('\0') < 0);
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  /// Control characters may make a string too long for a result.
  private static Optional<String> quoted(String text, byte[] bytes) {
    long length = 2 + bytes.length + text.chars().asLongStream().map(StandardOutput::escape).sum();
    return length <= JobContext.RESULT_LIMIT ? Optional.of(Json.quote(text)) : Optional.empty();
  }

  /// What a character costs in JSON beyond itself, at most.
  private static long escape(long c) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r') {
      return 1;
    }
    return c < ' ' || c == '\u2028' || c == '\u2029' ? 5 : 0;
  }

  private String object(String base64, boolean cut) {
    StringBuilder json = new StringBuilder();
    new JsonWriter(json)
        .beginObject()
        .name("base64")
        .value(base64)
        .name("bytes")
        .value(total)
        .name("cut")
        .value(cut)
        .endObject();
    return json.toString();
  }
}
