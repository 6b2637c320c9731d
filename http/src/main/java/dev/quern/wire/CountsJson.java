package dev.quern.wire;

import dev.quern.JobState;
import dev.quern.json.JsonWriter;
import java.util.function.ToLongFunction;

/// Numbers of jobs in JSON.
public final class CountsJson {
  private CountsJson() {}

  /// How many jobs are in each state, as one object.
  public static void states(JsonWriter json, ToLongFunction<JobState> count) {
    json.beginObject();
    for (JobState state : JobState.values()) {
      json.name(state.label()).value(count.applyAsLong(state));
    }
    json.endObject();
  }
}
