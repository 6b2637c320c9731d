package dev.quern.cli;

import dev.quern.wire.Members;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Times as a reader wants them: "5 min ago" for people, ISO 8601 in UTC for programs.
///
/// @param now what is the present
/// @param people whether a person reads it
record When(Instant now, boolean people) {
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /// A moment, short: `5 min ago`.
  String brief(Instant at) {
    return people ? relative(at) : iso(at);
  }

  /// A moment, exact: `2027-01-31 09:00:00, 5 min ago`.
  String exact(Instant at) {
    return people ? LOCAL.format(at.atZone(ZoneId.systemDefault())) + ", " + relative(at) : iso(at);
  }

  private String relative(Instant at) {
    Duration ago = Duration.between(at, now);
    if (ago.abs().toMillis() < 1_000) {
      return "now";
    }
    return ago.isNegative() ? "in " + roughly(ago.negated()) : roughly(ago) + " ago";
  }

  /// ISO 8601 in UTC, with milliseconds.
  static String iso(Instant at) {
    return Members.iso(at);
  }

  /// A duration in its largest unit: `5 min`.
  private static String roughly(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min";
    }
    return seconds < 48 * 3_600 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }

  /// A duration for people: `250 ms`, `1.2 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`.
  static String lasted(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return millis / 1_000 + (millis % 1_000 < 100 ? "" : "." + millis % 1_000 / 100) + " s";
    }
    return lasted(duration.toSeconds());
  }

  private static String lasted(long seconds) {
    if (seconds < 3_600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    return seconds < 86_400
        ? two(seconds / 3_600, "h", seconds / 60 % 60, "min")
        : two(seconds / 86_400, "d", seconds / 3_600 % 24, "h");
  }

  private static String two(long large, String unit, long small, String subunit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + subunit);
  }
}
