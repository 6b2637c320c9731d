package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More connections than the process may have descriptors (T23): the server turns the extra ones
/// away at once, keeps descriptors for the database, and neither hangs nor spins.
class DescriptorsIT {
  private static final int LIMIT = 256;
  private static final int CONNECTIONS = Trust.size(1_000, 5_000);

  /// More than there are descriptors, and fewer than the system keeps for a server that does not
  /// take them: it would not connect any others.
  private static final int CONNECTIONS_OF_TEETH = 1_000;

  private static final int ASKED = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LOOK_MILLIS = 3_000;

  /// Of a processor: a server that waits takes nearly nothing, one that spins all that it is given.
  private static final double MOST_CPU = 0.2;

  @TempDir Path directory;

  /// `quern serve` with few descriptors.
  private static Serving serve(Path directory, String... flags) throws Exception {
    List<String> way = new ArrayList<>(List.of(flags));
    way.addAll(List.of("-jar", Processes.JAR.toString()));
    List<String> words = new ArrayList<>(List.of("sh", "-c"));
    words.addAll(List.of("ulimit -n " + LIMIT + " && exec \"$@\"", "sh"));
    words.addAll(Serving.words(way, directory.resolve("quern.db"), 0));
    return Serving.start(directory, words);
  }

  /// What a crowd did to a server.
  ///
  /// @param turnedAway connections that were closed at once
  /// @param cpu how much of a processor it took while the others stayed
  /// @param answered how many of the questions of a client that was there before got answers
  /// @param descriptors how many it had open then
  private record Crowded(long turnedAway, double cpu, int answered, long descriptors) {
    boolean harmed() {
      return answered < ASKED || cpu > MOST_CPU;
    }
  }

  private static Crowded crowd(Serving server, Probe before, int connections) throws IOException {
    Footprint process = new Footprint(server.process().pid());
    try (SlowCrowd crowd = new SlowCrowd()) {
      for (int i = 0; i < connections; i++) {
        crowd.add(server.port(), SlowKind.SILENT);
      }
      crowd.watch(LOOK_MILLIS);
      double cpu = process.cpuSeconds();
      long turnedAway = connections - crowd.open();
      crowd.watch(LOOK_MILLIS);
      double share = (process.cpuSeconds() - cpu) * 1_000 / LOOK_MILLIS;
      long descriptors = process.descriptors();
      return new Crowded(turnedAway, share, answers(before), descriptors);
    }
  }

  private static int answers(Probe probe) {
    try {
      for (int i = 0; i < ASKED; i++) {
        probe.ask();
      }
    } catch (IOException _) {
      // What it got until then counts.
    }
    return probe.answers();
  }

  @Test
  void extra_connections_are_turned_away_and_the_others_served() throws Exception {
    long startedAt = System.nanoTime();
    Crowded crowded;
    try (Serving server = serve(directory);
        Probe before = new Probe(server.port(), PATIENCE)) {
      crowded = crowd(server, before, CONNECTIONS);
      System.out.println("DescriptorsIT: " + crowded);
      assertTrue(crowded.turnedAway() >= CONNECTIONS - LIMIT, crowded::toString);
      assertTrue(crowded.turnedAway() < CONNECTIONS, "nobody was served: " + crowded);
      assertTrue(crowded.descriptors() < LIMIT, crowded::toString);
      assertTrue(!crowded.harmed(), crowded::toString);
      assertServesNew(server);
      server.process().signal("TERM");
      assertEquals(143, server.process().end().exit());
    }
    assertWhole(ASKED + 1);
    tell(startedAt, crowded, unguarded());
  }

  private static void assertServesNew(Serving server) throws InterruptedException {
    Processes.await(
        "a new client to be served",
        () -> {
          try (Probe after = new Probe(server.port(), PATIENCE)) {
            after.ask();
            return true;
          } catch (IOException full) {
            return false;
          }
        });
  }

  private void assertWhole(int jobs) {
    try (Quern quern = Quern.open(directory.resolve("quern.db"))) {
      assertEquals(jobs, quern.jobs().counts().of("probe", JobState.READY));
      assertEquals(List.of(), quern.health(true).problems());
    }
  }

  /// The teeth: the same without a limit of connections.
  private Crowded unguarded() throws Exception {
    Path other = java.nio.file.Files.createDirectory(directory.resolve("unguarded"));
    try (Serving server = serve(other, "-Djdk.httpserver.maxConnections=1000000");
        Probe before = new Probe(server.port(), PATIENCE)) {
      return crowd(server, before, CONNECTIONS_OF_TEETH);
    }
  }

  private static void tell(long startedAt, Crowded crowded, Crowded unguarded) throws IOException {
    System.out.println("DescriptorsIT, without the limit: " + unguarded);
    if (!unguarded.harmed()) {
      String reason = "this JDK's server bears too many connections by itself: " + unguarded;
      System.out.println("no teeth: " + reason);
      Assumptions.abort(reason);
    }
    new Finding(
            "DescriptorsIT",
            "connections to a process with %d descriptors".formatted(LIMIT),
            CONNECTIONS,
            "%,d connections, %,d turned away; %d descriptors open; %.0f %% of a processor"
                .formatted(
                    CONNECTIONS, crowded.turnedAway(), crowded.descriptors(), 100 * crowded.cpu()),
            Finding.Verdict.CLEAN,
            "none",
            "without the limit %.0f %% of a processor, %d of %d answers"
                .formatted(100 * unguarded.cpu(), unguarded.answered(), ASKED))
        .tell(startedAt);
  }
}
