package dev.quern.simulation;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.quern.support.Twin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A passage of the engine without which simulations must show problems.
///
/// @param name what an engine without it does
/// @param source the class
/// @param passage the guard itself
/// @param instead what stands there instead
record Guard(String name, String source, String passage, String instead) {
  /// In how many simulations a missing guard must be noticed.
  private static final int SEEDS = 2_000;

  /// What simulations of engines without each guard show, in words.
  static String teeth(Path directory, String profile, long seed, List<Guard> guards)
      throws Exception {
    List<String> found = new ArrayList<>();
    for (Guard guard : guards) {
      String shown = guard.shown(Files.createTempDirectory(directory, "mutant"), profile, seed);
      assertNotEquals("", shown, () -> guard.name + " were not noticed");
      System.out.println("simulation: " + guard.name + ": " + shown);
      found.add(guard.name + " noticed by " + shown.substring(0, shown.indexOf(':')));
    }
    return String.join("; ", found);
  }

  private String shown(Path place, String profile, long seed) throws Exception {
    try (Twin twin = Twin.with(place, source, passage, instead)) {
      return (String) twin.call(Simulations.class, "find", place, profile, seed, SEEDS);
    }
  }
}
