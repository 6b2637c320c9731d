package dev.quern.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What could be seen after each commit, so that it is quickly found when something was true.
///
/// Commits are numbered from 1; commit 0 is the empty store.
final class Past {
  private final long[] ends;
  private final Map<Long, List<Version>> versions = new HashMap<>();
  private final Map<String, TreeMap<Integer, Long>> kinds = new HashMap<>();
  private final Map<Long, List<Integer>> counts = new HashMap<>();

  /// A job from one change to the next.
  ///
  /// @param commit the commit of the change
  /// @param state its state; empty if it is gone
  record Version(
      long seq,
      int commit,
      Optional<String> state,
      long fence,
      int requeues,
      Optional<String> key) {
    static final Version NONE = new Version(0, 0, Optional.empty(), 0, 0, Optional.empty());

    boolean running(long claim) {
      return state.equals(Optional.of("running")) && fence == claim;
    }

    boolean ended() {
      return state
          .filter(s -> s.equals("done") || s.equals("failed") || s.equals("cancelled"))
          .isPresent();
    }

    boolean live() {
      return state.isPresent() && !ended();
    }
  }

  Past(List<Journal.Change> changes, long[] ends) {
    this.ends = ends;
    Map<String, Long> sums = new HashMap<>();
    long count = 0;
    counts.computeIfAbsent(0L, _ -> new ArrayList<>()).add(0);
    for (int i = 0; i < changes.size(); i++) {
      Journal.Change change = changes.get(i);
      int commit = commitOf(change.seq());
      List<Version> known =
          versions.computeIfAbsent(change.job(), _ -> new ArrayList<>(List.of(Version.NONE)));
      sums.merge(change.kind(), -hash(change.job(), known.getLast()), Long::sum);
      Version version = version(change, commit);
      known.add(version);
      sums.merge(change.kind(), hash(change.job(), version), Long::sum);
      count += countHash(change.kind(), change.state()) - countHash(change.kind(), change.was());
      kinds
          .computeIfAbsent(change.kind(), _ -> new TreeMap<>())
          .put(commit, sums.get(change.kind()));
      boolean last = i + 1 == changes.size() || commitOf(changes.get(i + 1).seq()) != commit;
      if (last) {
        counts.computeIfAbsent(count, _ -> new ArrayList<>()).add(commit);
      }
    }
  }

  private static Version version(Journal.Change change, int commit) {
    return new Version(
        change.seq(), commit, change.state(), change.fence(), change.requeues(), change.key());
  }

  /// The commit that made a change.
  int commitOf(long seq) {
    int at = Arrays.binarySearch(ends, seq);
    return at >= 0 ? at + 1 : -at;
  }

  /// The last change of a commit.
  private long end(int commit) {
    return commit == 0 ? 0 : ends[commit - 1];
  }

  private static long hash(long job, Version version) {
    return version.state().isEmpty()
        ? 0
        : hash(job, version.state().get(), version.fence(), version.requeues());
  }

  private static long hash(long job, String state, long fence, int requeues) {
    return mixed(job * 31 + fence, state.hashCode() * 31L + requeues);
  }

  private static long countHash(String kind, Optional<String> state) {
    return state.map(s -> mixed(kind.hashCode(), s.hashCode())).orElse(0L);
  }

  private static long mixed(long a, long b) {
    return new SplittableRandom(a * 0x9E3779B97F4A7C15L ^ b).nextLong();
  }

  // ---- questions

  /// The first commit from `floor` on, after which a job was seen like this.
  Optional<Integer> seen(long job, Optional<Call.Seen> wanted, int floor) {
    List<Version> all = versions(job);
    for (int i = from(all, floor); i < all.size(); i++) {
      boolean visible = i + 1 == all.size() || all.get(i + 1).commit() > all.get(i).commit();
      if (visible && wanted.equals(view(job, all.get(i)))) {
        return Optional.of(Math.max(floor, all.get(i).commit()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Call.Seen> view(long job, Version version) {
    return version
        .state()
        .map(state -> new Call.Seen(job, state, version.fence(), version.requeues()));
  }

  /// The place of the version that is visible after a commit.
  private static int from(List<Version> all, int floor) {
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).commit() <= floor) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }

  /// The first commit from `floor` on during which, or after which, something was true of a job.
  Optional<Integer> during(long job, int floor, Predicate<Version> wanted) {
    List<Version> all = versions(job);
    for (int i = from(all, floor); i < all.size(); i++) {
      boolean over = i + 1 < all.size() && all.get(i + 1).seq() <= end(floor);
      if (!over && wanted.test(all.get(i))) {
        return Optional.of(Math.max(floor, all.get(i).commit()));
      }
    }
    return Optional.empty();
  }

  /// The first commit from `floor` on after which there were so many of each kind and state.
  Optional<Integer> counted(Map<String, Map<String, Long>> jobs, int floor) {
    long sum = 0;
    for (Map.Entry<String, Map<String, Long>> kind : jobs.entrySet()) {
      for (Map.Entry<String, Long> state : kind.getValue().entrySet()) {
        sum += state.getValue() * countHash(kind.getKey(), Optional.of(state.getKey()));
      }
    }
    List<Integer> places = counts.getOrDefault(sum, List.of());
    int at = Collections.binarySearch(places, floor);
    int place = at >= 0 ? at : -at - 1;
    return place < places.size() ? Optional.of(places.get(place)) : Optional.empty();
  }

  /// The first commit from `floor` on after which a kind had exactly these jobs.
  Optional<Integer> listed(String kind, List<Call.Seen> jobs, int floor) {
    long sum = 0;
    for (Call.Seen job : jobs) {
      sum += hash(job.job(), job.state(), job.fence(), job.requeues());
    }
    TreeMap<Integer, Long> sums = kinds.getOrDefault(kind, new TreeMap<>());
    Map.Entry<Integer, Long> at = sums.floorEntry(floor);
    long now = at == null ? 0 : at.getValue();
    if (now == sum) {
      return Optional.of(floor);
    }
    for (Map.Entry<Integer, Long> later : sums.tailMap(floor, false).entrySet()) {
      if (later.getValue() == sum) {
        return Optional.of(later.getKey());
      }
    }
    return Optional.empty();
  }

  private List<Version> versions(long job) {
    return versions.getOrDefault(job, List.of(Version.NONE));
  }
}
