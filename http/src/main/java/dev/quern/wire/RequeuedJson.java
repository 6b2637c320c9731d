package dev.quern.wire;

import dev.quern.Requeued;
import dev.quern.json.JsonWriter;

/// What a requeue did, in JSON.
public final class RequeuedJson {
  private RequeuedJson() {}

  /// It as one object.
  public static void write(JsonWriter json, Requeued done) {
    json.beginObject();
    new Members(json)
        .number("requeued", done.requeued())
        .number("blockedCount", done.blockedCount())
        .number("unrecoverable", done.unrecoverable());
    json.name("blocked").beginArray();
    for (Requeued.Blocked blocked : done.blocked()) {
      json.beginObject();
      new Members(json).id("id", blocked.id()).text("reason", blocked.reason());
      json.endObject();
    }
    json.endArray().endObject();
  }
}
