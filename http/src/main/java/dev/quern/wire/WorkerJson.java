package dev.quern.wire;

import dev.quern.Worker;
import dev.quern.json.JsonWriter;

/// Workers in JSON.
public final class WorkerJson {
  private WorkerJson() {}

  /// A worker as one object.
  public static void write(JsonWriter json, Worker worker) {
    json.beginObject();
    new Members(json)
        .text("id", worker.id())
        .text("tenant", worker.tenant())
        .truth("inProcess", worker.inProcess())
        .texts("kinds", worker.kinds().stream().sorted().toList())
        .texts("capabilities", worker.capabilities().stream().sorted().toList())
        .text("host", worker.about().host())
        .number("pid", worker.about().pid())
        .text("version", worker.about().version())
        .number("slots", worker.about().slots())
        .time("startedAt", worker.startedAt())
        .time("seenAt", worker.seenAt())
        .truth("lost", worker.lost())
        .text("directive", worker.directive().label());
    json.endObject();
  }
}
