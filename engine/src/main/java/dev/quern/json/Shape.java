package dev.quern.json;

/// How the values of one type are written and read. Safe for use by several threads.
interface Shape {

  void write(Object value, JsonWriter out);

  /// Makes a value of `json`, which is not `null`.
  Object read(JsonValue json);

  /// What JSON's `null` means.
  default Object ofNull() {
    return null;
  }

  /// What the absence of a record's member means.
  default Object ofAbsence() {
    return null;
  }

  default void writeOrNull(Object value, JsonWriter out) {
    if (value == null) {
      out.nullValue();
    } else {
      write(value, out);
    }
  }

  default Object readOrNull(JsonValue json) {
    return json instanceof JsonNull ? ofNull() : read(json);
  }
}
