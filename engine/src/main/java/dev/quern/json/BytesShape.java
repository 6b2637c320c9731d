package dev.quern.json;

import java.util.Base64;

/// `byte[]`: base64 with padding, as RFC 4648 §4 has it.
final class BytesShape implements Shape {

  @Override
  public void write(Object value, JsonWriter out) {
    out.value(Base64.getEncoder().encodeToString((byte[]) value));
  }

  @Override
  public Object read(JsonValue json) {
    if (!(json instanceof JsonString string)) {
      throw Misfit.expected("base64 text", json);
    }
    try {
      return Base64.getDecoder().decode(string.value());
    } catch (IllegalArgumentException _) {
      throw Misfit.expected("base64 text", json);
    }
  }
}
