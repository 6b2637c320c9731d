package dev.quern.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Shows that the calls of many threads could have been made one after the other: each at a moment
/// between its begin and its answer, in the order of the commits, each with the answer that it got.
///
/// Writes are where their commits are. A read is at the first commit from the last call that was
/// answered before it began, after which it would have seen what it saw; there is no need to try
/// any other place, since an earlier one leaves most to those that come after. So the check takes
/// no longer than to sort the calls.
final class Witness {
  private final Past past;
  private final Map<Key, Integer> commits = new HashMap<>();
  private final Map<Long, List<Integer>> requeues = new HashMap<>();
  private final Map<Long, Integer> requeuesUsed = new HashMap<>();
  private final Set<Key> unasked = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  /// What tells one change from all others.
  private record Key(String what, long job, String detail) {}

  private record Moment(long at, boolean begin, Call call) {}

  private Witness(List<Journal.Change> changes, Past past) {
    this.past = past;
    changes.forEach(this::index);
  }

  /// What is wrong with a history.
  static List<String> problems(List<Journal.Change> changes, long[] ends, List<Call> calls) {
    Witness witness = new Witness(changes, new Past(changes, ends));
    witness.check(calls);
    witness.unasked.forEach(key -> witness.problems.add("nobody asked for " + key));
    return witness.problems;
  }

  /// What is wrong with some answers, where not all calls are known.
  static List<String> problemsOfSome(List<Journal.Change> changes, long[] ends, List<Call> calls) {
    Witness witness = new Witness(changes, new Past(changes, ends));
    witness.check(calls);
    return witness.problems;
  }

  private void index(Journal.Change change) {
    int commit = past.commitOf(change.seq());
    if (change.was().isEmpty()) {
      remember(new Key("enqueue", change.job(), ""), commit);
    } else if (change.state().isEmpty()) {
      remember(new Key("delete", change.job(), ""), commit);
    } else if (change.from("ready") && change.to("running")) {
      remember(new Key("claim", change.job(), "" + change.fence()), commit);
      forgiveAhead(change, new Key("claim", change.job(), "" + change.fence()));
    } else if (change.from("running") && !change.to("running")) {
      remember(end(change.job(), change.fence(), change.state().get()), commit);
      if (!change.to("done")) {
        forgiveAhead(change, end(change.job(), change.fence(), change.state().get()));
      }
    } else if (change.to("cancelled") || change.from("running")) {
      remember(new Key("cancel", change.job(), change.note().orElse("")), commit);
    } else if (change.requeues() > 0 && change.to("ready") && !change.from("scheduled")) {
      requeues.computeIfAbsent(change.job(), _ -> new ArrayList<>()).add(commit);
    }
  }

  /// Jobs of handlers may be claimed ahead and given back without anybody having seen them.
  private void forgiveAhead(Journal.Change change, Key key) {
    if (change.kind().equals(Clients.HANDLED)) {
      unasked.remove(key);
    }
  }

  private void remember(Key key, int commit) {
    commits.put(key, commit);
    unasked.add(key);
  }

  private static Key end(long job, long fence, String state) {
    return new Key("end", job, fence + " " + state);
  }

  /// Goes through all begins and answers in their order.
  private void check(List<Call> calls) {
    List<Moment> moments = new ArrayList<>();
    for (Call call : calls) {
      moments.add(new Moment(call.begun(), true, call));
      moments.add(new Moment(call.answered(), false, call));
    }
    moments.sort(Comparator.comparingLong(Moment::at));
    Map<Call, Integer> places = new IdentityHashMap<>();
    int floor = 0;
    for (Moment moment : moments) {
      if (moment.begin()) {
        int from = floor;
        Optional<Integer> place = place(moment.call().what(), floor);
        if (place.isEmpty()) {
          problems.add("no place after commit %d for %s".formatted(from, moment.call()));
        }
        places.put(moment.call(), place.orElse(floor));
      } else if (moment.at() != Call.NEVER) {
        floor = Math.max(floor, places.get(moment.call()));
      }
    }
  }

  /// Where a call can be at the earliest, when all commits up to `floor` came before it.
  private Optional<Integer> place(Call.What what, int floor) {
    return switch (what) {
      case Call.Enqueue enqueue -> enqueue(enqueue, floor);
      case Call.Cancel cancel -> cancel(cancel, floor);
      case Call.Requeue requeue -> requeue(requeue, floor);
      case Call.Delete delete ->
          delete.deleted()
              ? write(new Key("delete", delete.job(), ""), floor)
              : past.during(delete.job(), floor, version -> !version.ended());
      case Call.Claim claim -> write(new Key("claim", claim.job(), "" + claim.fence()), floor);
      case Call.End end -> end(end, floor);
      case Call.Get get -> past.seen(get.job(), get.seen(), floor);
      case Call.Count count -> past.counted(count.jobs(), floor);
      case Call.ListKind list -> past.listed(list.kind(), list.seen(), floor);
    };
  }

  /// The commit of a write, which must come after all that was answered before it began.
  private Optional<Integer> write(Key key, int floor) {
    unasked.remove(key);
    return Optional.ofNullable(commits.get(key)).filter(commit -> commit > floor);
  }

  private Optional<Integer> enqueue(Call.Enqueue enqueue, int floor) {
    Set<Integer> added = new HashSet<>();
    int latest = floor;
    for (int i = 0; i < enqueue.ids().size(); i++) {
      long id = enqueue.ids().get(i);
      Optional<Integer> place =
          enqueue.added().get(i)
              ? write(new Key("enqueue", id, ""), floor)
              : past.during(id, floor, Past.Version::live);
      if (place.isEmpty()) {
        return place;
      }
      latest = Math.max(latest, place.get());
      if (enqueue.added().get(i)) {
        added.add(place.get());
      }
    }
    return added.size() > 1 ? Optional.empty() : Optional.of(latest);
  }

  private Optional<Integer> cancel(Call.Cancel cancel, int floor) {
    return switch (cancel.result()) {
      case CANCELLED, REQUESTED -> write(new Key("cancel", cancel.job(), cancel.reason()), floor);
      case ALREADY_ENDED -> past.during(cancel.job(), floor, Past.Version::ended);
      case NOT_FOUND -> past.during(cancel.job(), floor, version -> version.state().isEmpty());
    };
  }

  private Optional<Integer> requeue(Call.Requeue requeue, int floor) {
    if (!requeue.requeued()) {
      return Optional.of(floor);
    }
    List<Integer> all = requeues.getOrDefault(requeue.job(), List.of());
    int used = requeuesUsed.merge(requeue.job(), 1, Integer::sum);
    return used > all.size()
        ? Optional.empty()
        : Optional.of(all.get(used - 1)).filter(commit -> commit > floor);
  }

  private Optional<Integer> end(Call.End end, int floor) {
    if (!end.held()) {
      return past.during(end.job(), floor, version -> !version.running(end.fence()));
    }
    return end.states().stream()
        .map(state -> end(end.job(), end.fence(), state))
        .filter(commits::containsKey)
        .findFirst()
        .flatMap(key -> write(key, floor));
  }
}
