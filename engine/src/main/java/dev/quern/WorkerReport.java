package dev.quern;

import dev.quern.json.Texts;
import java.time.Duration;
import java.util.Set;

/// What a worker elsewhere tells of itself.
///
/// @param name what it is called, 1 to 255 characters, not beginning with `@`; it tells it from
///   other workers of the same tenant
/// @param kinds what it serves
/// @param capabilities what it has
/// @param about what else it says; if nothing, what it said before holds
/// @param silence how long nothing may be heard of it from now on, up to an hour
public record WorkerReport(
    String name,
    Set<String> kinds,
    Set<String> capabilities,
    Worker.About about,
    Duration silence) {

  private static final Duration SILENCE_LIMIT = Duration.ofHours(1);

  /// A report with its bounds checked.
  public WorkerReport {
    Texts.checked("worker", name, Worker.NAME_LIMIT);
    if (name.startsWith("@")) {
      throw new IllegalArgumentException(
          "worker \"" + name + "\": a name that begins with @ is that of an engine");
    }
    kinds = checked("kind", kinds);
    capabilities = checked("capability", capabilities);
    about.host().ifPresent(host -> Texts.checked("host", host, Worker.NAME_LIMIT));
    about.version().ifPresent(version -> Texts.checked("version", version, Worker.NAME_LIMIT));
    about.slots().ifPresent(slots -> Limits.between("slots", slots, 0, 1_000_000));
    Limits.between("silence", silence, Duration.ZERO, SILENCE_LIMIT);
  }

  private static Set<String> checked(String what, Set<String> names) {
    for (String name : names) {
      Texts.checked(what, name, NewJob.NAME_LIMIT);
      if (name.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("a " + what + " holds a line feed");
      }
    }
    return Set.copyOf(names);
  }
}
