package dev.quern.model;

import dev.quern.JobState;
import dev.quern.model.ModelJob.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/// Which jobs a claim takes: the best of all the lanes that it serves, as far as the limits of
/// their kinds allow; within a lane, those with the favourite affinity key come first among equals.
final class ModelClaims {
  private final ModelStore store;
  private final Map<Lane, Streak> streaks = new HashMap<>();

  /// The affinity key that a lane ran last, and how often in a row.
  private record Streak(String key, int length) {}

  /// What a claimant can take.
  ///
  /// @param room how many more of a kind its process may run
  /// @param alone whether it claims for the handlers of its process
  record Demand(
      Set<String> kinds,
      Set<String> capabilities,
      int slots,
      ToIntFunction<String> room,
      Optional<String> preferred,
      boolean alone) {}

  ModelClaims(ModelStore store) {
    this.store = store;
  }

  /// The jobs to start, in the order in which they are to be worked on.
  List<ModelJob> choose(Demand demand) {
    Map<Lane, Integer> shares = shares(demand);
    List<ModelJob> chosen = new ArrayList<>();
    Suspects suspects = new Suspects(store, demand);
    shares.forEach(
        (lane, share) -> chosen.addAll(ofLane(lane, share, demand.preferred(), suspects)));
    chosen.sort(store.rules.order());
    chosen.forEach(this::ran);
    return chosen;
  }

  private Map<Lane, Integer> shares(Demand demand) {
    Map<Lane, Integer> shares = new LinkedHashMap<>();
    Map<String, Integer> taken = new HashMap<>();
    for (ModelJob job : store.ordered(job -> eligible(job, demand))) {
      if (sum(taken.values()) < demand.slots()
          && taken.getOrDefault(job.kind(), 0) < room(job.kind(), demand)) {
        shares.merge(job.lane(), 1, Integer::sum);
        taken.merge(job.kind(), 1, Integer::sum);
      }
    }
    return shares;
  }

  private static int sum(Collection<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  private boolean eligible(ModelJob job, Demand demand) {
    return job.state == JobState.READY
        && demand.kinds().contains(job.kind())
        && store.rules.open(store.kind(job.kind()))
        && store.rules.serves(demand.capabilities(), job.draft.requires());
  }

  private int room(String name, Demand demand) {
    ModelKind kind = store.kind(name);
    int total = store.rules.total(kind.policy) - store.running(name);
    int left = store.rules.leftInWindow(kind, store.now);
    return Math.min(Math.min(total, left), demand.room().applyAsInt(name));
  }

  private List<ModelJob> ofLane(
      Lane lane, int share, Optional<String> preferred, Suspects suspects) {
    List<ModelJob> ready =
        store.ordered(job -> job.state == JobState.READY && job.lane().equals(lane));
    List<ModelJob> chosen =
        new ArrayList<>(suspects.admit(favourites(lane, ready, share, preferred)));
    List<ModelJob> next = after(chosen, ready, share);
    chosen.addAll(suspects.admit(next));
    if (!chosen.containsAll(next)) {
      List<ModelJob> rest = ready.stream().filter(job -> !store.rules.suspect(job)).toList();
      chosen.addAll(after(chosen, rest, share));
    }
    return chosen;
  }

  private static List<ModelJob> after(List<ModelJob> chosen, List<ModelJob> ready, int share) {
    return ready.stream()
        .filter(job -> !chosen.contains(job))
        .limit(share - chosen.size())
        .toList();
  }

  private List<ModelJob> favourites(
      Lane lane, List<ModelJob> ready, int share, Optional<String> preferred) {
    Optional<Streak> streak = Optional.ofNullable(streaks.get(lane));
    Optional<String> key = store.rules.favourite(preferred, streak.map(Streak::key));
    int before = streak.filter(s -> Optional.of(s.key()).equals(key)).map(Streak::length).orElse(0);
    int room = store.rules.affinityRun(store.scenario.affinityRun()) - before;
    return ready.stream()
        .filter(job -> key.isPresent() && job.hasAffinity(key.get()))
        .filter(job -> job.priority == ready.getFirst().priority)
        .limit(Math.clamp(room, 0, share))
        .toList();
  }

  private void ran(ModelJob job) {
    Optional<String> key = job.draft.affinityKey();
    if (key.isEmpty()) {
      streaks.remove(job.lane());
    } else {
      Streak before = streaks.getOrDefault(job.lane(), new Streak(key.get(), 0));
      int length = before.key().equals(key.get()) ? before.length() + 1 : 1;
      streaks.put(job.lane(), new Streak(key.get(), length));
    }
  }

  /// Lets through one suspect, if none is at work in the process already.
  private static final class Suspects {
    private final ModelStore store;
    private boolean taken;

    Suspects(ModelStore store, Demand demand) {
      this.store = store;
      this.taken = demand.alone() && runsOne();
    }

    private boolean runsOne() {
      return !store
          .some(job -> job.running() && job.owner == store.life.owner && store.rules.suspect(job))
          .isEmpty();
    }

    List<ModelJob> admit(List<ModelJob> jobs) {
      return jobs.stream().filter(this::admits).toList();
    }

    private boolean admits(ModelJob job) {
      boolean suspect = store.rules.suspect(job);
      boolean admitted = !suspect || !taken;
      taken |= suspect;
      return admitted;
    }
  }
}
