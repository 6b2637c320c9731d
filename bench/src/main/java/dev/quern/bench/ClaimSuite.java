package dev.quern.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Claims in an empty store in turn with claims in full ones.
///
/// `-Dclaim.others=10000000` names another number of other jobs; the first run fills the file,
/// which takes minutes.
final class ClaimSuite implements Suite {
  private static final int SETTLE_MILLIS = 1_200;

  private final List<ClaimBench> opened = new ArrayList<>();

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    List<Integer> others = new ArrayList<>(List.of(0));
    if (effort.quick()) {
      others.add(100_000);
    } else {
      others.addAll(List.of(10_000, 1_000_000));
    }
    Integer asked = Integer.getInteger("claim.others");
    if (asked != null) {
      others.add(asked);
    }
    try {
      return measure(effort, scratch, others);
    } finally {
      opened.forEach(ClaimBench::shut);
    }
  }

  private List<Measurement> measure(Effort effort, Scratch scratch, List<Integer> others)
      throws Exception {
    List<Measurement> all = new ArrayList<>();
    for (int limit : effort.quick() ? List.of(1, 100, 1_000) : List.of(1, 16, 100, 1_000)) {
      all.addAll(inTurn(rounds(effort), scratch, others, limit, 1));
    }
    for (int kinds : effort.quick() ? List.of(50) : List.of(5, 50)) {
      all.addAll(inTurn(rounds(effort), scratch, List.of(0), 100, kinds));
    }
    return all;
  }

  private static Rounds rounds(Effort effort) {
    return new Rounds(effort.pick(2, 10), effort.pick(5, 21));
  }

  private List<Measurement> inTurn(
      Rounds rounds, Scratch scratch, List<Integer> others, int limit, int kinds) throws Exception {
    int before = opened.size();
    for (int each : others) {
      ClaimBench bench = new ClaimBench();
      bench.limit = limit;
      bench.kinds = kinds;
      bench.others = each;
      bench.open(scratch.store());
      opened.add(bench);
      rounds.add(
          "ClaimBench.claim",
          new TreeMap<>(Map.of("limit", "" + limit, "kinds", "" + kinds, "others", "" + each)),
          bench::run);
    }
    // In the first second after it was opened an engine leaves gaps for others.
    Thread.sleep(SETTLE_MILLIS);
    List<Measurement> measured = rounds.run();
    opened.subList(before, opened.size()).forEach(ClaimBench::shut);
    return measured;
  }
}
