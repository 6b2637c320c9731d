package dev.quern.history;

import dev.quern.JobState;
import dev.quern.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/// The changes of a journal, replayed one after the other in a model of what a queue is.
final class Replay {
  private static final Comparator<Journal.Change> ORDER =
      Comparator.comparingInt(Journal.Change::priority)
          .thenComparingLong(Journal.Change::availableAt)
          .thenComparingLong(Journal.Change::job);

  private final Map<Long, Journal.Change> jobs = new HashMap<>();
  private final Map<String, Long> keys = new HashMap<>();
  private final Map<Long, TreeSet<Journal.Change>> ready = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final long[] commits;

  private Replay(long[] commits) {
    this.commits = commits;
  }

  /// What is wrong with the changes.
  ///
  /// @param commits the last change of each commit
  static List<String> problems(List<Journal.Change> changes, long[] commits) {
    Replay replay = new Replay(commits);
    for (int i = 0; i < changes.size(); ) {
      int next = replay.claims(changes, i);
      if (next == i) {
        replay.apply(changes.get(i));
        next++;
      }
      i = next;
    }
    return replay.problems;
  }

  /// Replays the claims of a commit that came one after the other, since one statement moves jobs
  /// of several lanes in whatever order: of each lane they take the best. Returns the place of what
  /// comes after them.
  private int claims(List<Journal.Change> changes, int from) {
    List<Journal.Change> claimed = new ArrayList<>();
    int at = from;
    long end = commitOf(changes.get(from).seq());
    for (; at < changes.size() && isClaim(changes.get(at)) && changes.get(at).seq() <= end; at++) {
      claimed.add(changes.get(at));
    }
    claimed.forEach(this::apply);
    claimed.stream()
        .collect(Collectors.toMap(Journal.Change::lane, c -> c, BinaryOperator.maxBy(ORDER)))
        .values()
        .forEach(this::checkBest);
    return at;
  }

  private long commitOf(long seq) {
    int place = Arrays.binarySearch(commits, seq);
    return place >= 0 ? seq : commits[-place - 1];
  }

  private static boolean isClaim(Journal.Change change) {
    return change.from("ready") && change.to("running");
  }

  private void checkBest(Journal.Change worst) {
    TreeSet<Journal.Change> left = ready.getOrDefault(worst.lane(), new TreeSet<>(ORDER));
    if (!left.isEmpty() && ORDER.compare(left.first(), worst) < 0) {
      problems.add("claimed " + worst + " before " + left.first());
    }
  }

  private void apply(Journal.Change change) {
    Optional<Journal.Change> before = Optional.ofNullable(jobs.get(change.job()));
    if (!before.flatMap(Journal.Change::state).equals(change.was())) {
      problems.add("a change was lost before " + change + ", after " + before);
    }
    checkMove(before, change);
    before.filter(b -> b.to("ready")).ifPresent(b -> lane(b).remove(b));
    if (change.to("ready")) {
      lane(change).add(change);
    }
    change.key().ifPresent(key -> keep(key, change));
    jobs.put(change.job(), change);
  }

  private TreeSet<Journal.Change> lane(Journal.Change change) {
    return ready.computeIfAbsent(change.lane(), _ -> new TreeSet<>(ORDER));
  }

  private void checkMove(Optional<Journal.Change> before, Journal.Change change) {
    if (change.was().isEmpty() || change.state().isEmpty() || change.was().equals(change.state())) {
      return;
    }
    JobState from = JobState.of(change.was().get());
    JobState to = JobState.of(change.state().get());
    long fence = before.map(Journal.Change::fence).orElse(0L);
    for (Transition move : Transition.values()) {
      long claims = move == Transition.CLAIM ? 1 : 0;
      if (move.target() == to
          && move.sources().contains(from)
          && change.fence() == fence + claims) {
        return;
      }
    }
    problems.add("no way from " + before + " to " + change);
  }

  private void keep(String key, Journal.Change change) {
    boolean live = change.state().filter(state -> JobState.of(state).live()).isPresent();
    if (!live) {
      keys.remove(key, change.job());
      return;
    }
    Long other = keys.putIfAbsent(key, change.job());
    if (other != null && other != change.job()) {
      problems.add("two live jobs have a key: job " + other + " and " + change);
    }
  }
}
