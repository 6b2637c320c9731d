package dev.quern.cli;

import dev.quern.RunProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How far a run is, in words: as a bar for a terminal, as a line for a log, as the summary at the
/// end.
///
/// For one thread.
final class RunMeter {
  /// Over what time the rate is measured.
  private static final Duration WINDOW = Duration.ofSeconds(15);

  /// How many looks are kept for that.
  private static final int LOOKS_LIMIT = 200;

  private static final int LEAST_BAR = 10;
  private static final int MOST_BAR = 40;

  private final String name;
  private final Deque<Look> looks = new ArrayDeque<>();

  /// What was seen at a time.
  ///
  /// @param elapsed since this process is at the run
  /// @param running how many programs are at work
  record Look(Duration elapsed, RunProgress progress, long running) {

    /// How many lines have ended since this process is at the run.
    long ended() {
      return progress.ended() - progress.before();
    }
  }

  RunMeter(String name) {
    this.name = name;
  }

  /// Takes a look into account.
  void look(Look look) {
    looks.add(look);
    while (looks.size() > LOOKS_LIMIT || tooOld(looks.peek(), look)) {
      looks.remove();
    }
  }

  private static boolean tooOld(Look first, Look last) {
    return last.elapsed().minus(first.elapsed()).compareTo(WINDOW) > 0;
  }

  /// Lines ended in a second, of late.
  private double rate() {
    Look first = looks.getFirst();
    Look last = looks.getLast();
    return looks.size() > 1 && first != last
        ? perSecond(last.ended() - first.ended(), last.elapsed().minus(first.elapsed()))
        : perSecond(last.ended(), last.elapsed());
  }

  private static double perSecond(long count, Duration time) {
    return count / Math.max(0.001, time.toNanos() / 1e9);
  }

  /// How long it will take at this rate; empty if nobody knows.
  private Optional<Duration> left() {
    RunProgress progress = looks.getLast().progress();
    long open = progress.lines() - progress.ended();
    return progress.complete() && rate() > 0
        ? Optional.of(Duration.ofSeconds((long) Math.ceil(open / rate())))
        : Optional.empty();
  }

  // ---- as a bar

  /// A bar that fits in a width.
  String bar(int width) {
    String text = String.join("  ", parts());
    int room = Math.min(MOST_BAR, width - Text.width(name) - Text.width(text) - 7);
    String bar = room < LEAST_BAR || !progress().complete() ? "" : "  " + bar(room, share());
    return Text.cut(name + bar + "  " + text, width - 1);
  }

  private static String bar(int width, double share) {
    int full = (int) (share * width);
    return "[" + "#".repeat(full) + ".".repeat(width - full) + "]";
  }

  private double share() {
    return progress().lines() == 0 ? 1 : (double) progress().ended() / progress().lines();
  }

  private RunProgress progress() {
    return looks.getLast().progress();
  }

  private List<String> parts() {
    List<String> parts = new ArrayList<>();
    parts.add(ended());
    if (progress().failed() > 0) {
      parts.add("%,d failed".formatted(progress().failed()));
    }
    parts.add(looks.getLast().running() + " running");
    parts.add(rate(rate()));
    left().ifPresent(left -> parts.add(When.lasted(left) + " left"));
    return parts;
  }

  private String ended() {
    return "%,d/%,d%s"
        .formatted(progress().ended(), progress().lines(), progress().complete() ? "" : "+");
  }

  private static String rate(double rate) {
    return rate < 10
        ? String.format(Locale.ROOT, "%.1f jobs/s", rate)
        : "%,d jobs/s".formatted(Math.round(rate));
  }

  // ---- as lines

  /// A line for a log.
  String line() {
    return "quern: run " + name + ": " + String.join(", ", parts());
  }

  /// What has become of it.
  String summary() {
    Look last = looks.getLast();
    List<String> parts = new ArrayList<>();
    parts.add("done %,d".formatted(progress().done()));
    parts.add("failed %,d".formatted(progress().failed()));
    if (progress().cancelled() > 0) {
      parts.add("cancelled %,d".formatted(progress().cancelled()));
    }
    if (progress().ended() < progress().lines()) {
      parts.add("not ended %,d".formatted(progress().lines() - progress().ended()));
    }
    if (progress().before() > 0) {
      parts.add("before %,d".formatted(progress().before()));
    }
    parts.add("retried %,d".formatted(progress().retries()));
    parts.add("elapsed " + When.lasted(last.elapsed()));
    parts.add(rate(perSecond(last.ended(), last.elapsed())));
    return "quern: run " + name + ": " + String.join(", ", parts);
  }
}
