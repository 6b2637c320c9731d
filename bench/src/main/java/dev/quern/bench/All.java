package dev.quern.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Runs benchmarks in order, each in a JVM of its own, and renders the report: `All [--quick]
/// [names…]`.
public final class All {
  static final Path RESULTS = Path.of("bench", "results");

  private static final Map<String, Supplier<Suite>> SUITES = suites();

  private static final String SOAK = "SoakBench";

  private All() {}

  private static Map<String, Supplier<Suite>> suites() {
    Map<String, Supplier<Suite>> suites = new LinkedHashMap<>();
    suites.put("DrainBench", DrainSuite::new);
    suites.put("EnqueueBench", EnqueueSuite::new);
    suites.put("LatencyBench", LatencyBench::new);
    suites.put("ClaimBench", ClaimSuite::new);
    suites.put("NeighbourBench", NeighbourBench::new);
    suites.put("IdleBench", IdleBench::new);
    suites.put("StartBench", StartBench::new);
    suites.put("HttpBench", HttpBench::new);
    suites.put(SOAK, SoakBench::new);
    return suites;
  }

  /// The collection before each measurement gives memory back to the system, and whoever is
  /// measured next would wait for it page by page: 10 % of a drain.
  private static final String HEAP = "-Xms1g";

  /// All benchmarks, in order.
  static java.util.Set<String> names() {
    return SUITES.keySet();
  }

  /// Names of benchmarks, and `--quick`.
  public static void main(String[] arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(arguments));
    boolean quick = words.remove("--quick");
    if (words.remove("--here")) {
      measure(words.getFirst(), new Effort(quick));
      return;
    }
    for (String name : words.isEmpty() ? usual(quick) : words) {
      fork(name, quick);
    }
    Report.main();
  }

  /// A quick run leaves the soak out.
  private static List<String> usual(boolean quick) {
    return SUITES.keySet().stream().filter(name -> !quick || !name.equals(SOAK)).toList();
  }

  private static void fork(String name, boolean quick) throws Exception {
    if (!SUITES.containsKey(name)) {
      throw new IllegalArgumentException(name + " is none of " + SUITES.keySet());
    }
    Progress.say(name);
    // What an earlier run found must not stand for one that fails.
    Files.deleteIfExists(RESULTS.resolve(name + ".json"));
    List<String> flags =
        new ArrayList<>(
            java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
    flags.add(HEAP);
    Process child = Fork.start(All.class, flags, "--here", name, quick ? "--quick" : "--full");
    if (child.waitFor() != 0) {
      Progress.say(name + " failed and has no results; the others go on");
    }
  }

  private static void measure(String name, Effort effort) throws Exception {
    try (Scratch scratch = Scratch.create()) {
      Machine machine = Machine.look(scratch);
      List<Measurement> measured = SUITES.get(name).get().measure(effort, scratch);
      Files.createDirectories(RESULTS);
      new Results(machine, effort.quick(), measured).write(RESULTS.resolve(name + ".json"));
    }
  }
}
