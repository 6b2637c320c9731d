package dev.quern.model;

import dev.quern.JobState;
import dev.quern.model.ModelJob.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
  record Demand(
      Set<String> kinds,
      Set<String> capabilities,
      int slots,
      ToIntFunction<String> room,
      Optional<String> preferred) {}

  ModelClaims(ModelStore store) {
    this.store = store;
  }

  /// The jobs to start, in the order in which they are to be worked on.
  List<ModelJob> choose(Demand demand) {
    Map<Lane, Integer> shares = shares(demand);
    List<ModelJob> chosen = new ArrayList<>();
    shares.forEach((lane, share) -> chosen.addAll(ofLane(lane, share, demand.preferred())));
    chosen.sort(store.rules.order());
    chosen.forEach(this::ran);
    return chosen;
  }

  private Map<Lane, Integer> shares(Demand demand) {
    Map<Lane, Integer> shares = new HashMap<>();
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

  private List<ModelJob> ofLane(Lane lane, int share, Optional<String> preferred) {
    List<ModelJob> ready =
        store.ordered(job -> job.state == JobState.READY && job.lane().equals(lane));
    List<ModelJob> chosen = new ArrayList<>(favourites(lane, ready, share, preferred));
    ready.stream()
        .filter(job -> !chosen.contains(job))
        .limit(share - chosen.size())
        .forEach(chosen::add);
    return chosen;
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
}
