package dev.quern;

import static dev.quern.JobState.CANCELLED;
import static dev.quern.JobState.DONE;
import static dev.quern.JobState.FAILED;
import static dev.quern.JobState.READY;
import static dev.quern.JobState.RUNNING;
import static dev.quern.JobState.SCHEDULED;
import static dev.quern.JobState.WAITING;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A move of a job from one state to the next. There are no others: these constants are the guards
/// in SQL, the names of events, the labels of metrics, and the diagram in `STATES.md`.
public enum Transition {
  /// All the jobs it waits for are done.
  RELEASE(READY, WAITING),
  /// Its time has come.
  RIPEN(READY, SCHEDULED),
  /// Someone asked for a later time.
  POSTPONE(SCHEDULED, READY),
  /// A worker takes it: fence + 1, attempts + 1.
  CLAIM(RUNNING, READY),
  /// The handler returned.
  COMPLETE(DONE, RUNNING),
  /// The handler failed and attempts are left: back-off.
  RETRY(SCHEDULED, RUNNING),
  /// The handler asks to be called later: the attempt is given back.
  DEFER(SCHEDULED, RUNNING),
  /// A worker stops before the end: the attempt is given back.
  HAND_BACK(READY, RUNNING),
  /// The owner died or the lease ran out: losses + 1, the attempt is given back.
  RECLAIM(SCHEDULED, RUNNING),
  /// The handler failed and must not or cannot be tried again.
  FAIL(FAILED, RUNNING),
  /// Someone asked for its end; a running job first gets a request.
  CANCEL(CANCELLED, WAITING, SCHEDULED, READY, RUNNING),
  /// Someone asked for it to run again: fresh attempts, the history is kept.
  REQUEUE(READY, FAILED, CANCELLED, DONE);

  private final JobState target;
  private final Set<JobState> sources;
  private final String label = name().toLowerCase(Locale.ROOT);

  Transition(JobState target, JobState first, JobState... more) {
    this.target = target;
    this.sources = EnumSet.of(first, more);
  }

  /// The state it leads to.
  public JobState target() {
    return target;
  }

  /// The states it may start from.
  public Set<JobState> sources() {
    return EnumSet.copyOf(sources);
  }

  /// The name in events, metrics and JSON: lower case.
  public String label() {
    return label;
  }

  /// The condition in SQL under which it may happen, such as `state = 'running'`.
  public String guard() {
    String list =
        sources.stream().map(s -> "'" + s.label() + "'").collect(Collectors.joining(", "));
    return sources.size() == 1 ? "state = " + list : "state in (" + list + ")";
  }

  /// All transitions as a Mermaid state diagram, one arrow for each pair of states.
  public static String diagram() {
    StringBuilder out = new StringBuilder("stateDiagram-v2\n");
    for (JobState from : JobState.values()) {
      for (JobState to : JobState.values()) {
        String arrows = arrows(from, to);
        if (!arrows.isEmpty()) {
          out.append("  %s --> %s : %s\n".formatted(from.label(), to.label(), arrows));
        }
      }
    }
    return out.toString();
  }

  private static String arrows(JobState from, JobState to) {
    return EnumSet.allOf(Transition.class).stream()
        .filter(t -> t.target == to && t.sources.contains(from))
        .map(t -> t.label.replace('_', ' '))
        .collect(Collectors.joining(", "));
  }
}
