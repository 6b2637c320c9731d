package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Artifact;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.Page;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.it.Processes;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Invariants;
import dev.quern.support.Mutant;
import dev.quern.support.TestClock;
import dev.quern.support.Trust;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An application that puts artifacts, killed again and again at any moment: what was acknowledged
/// is there byte for byte, nothing is seen that is not whole, and what was begun is swept away.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` kills more often.
class ArtifactKillIT {
  private static final int KILLS = Trust.size(8, 400);
  private static final int ACKS = 3 * KILLS;

  /// A busy machine does little before a kill.
  private static final int MOST_KILLS = 20 * KILLS;

  private static final int TEETH_KILLS = 40;
  private static final int MOST_MILLIS = 400;
  private static final long SEED = Trust.seed("ArtifactKillIT");

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final Random random = new Random(SEED);

  /// What the lives of one application said, and what is there.
  private final class Lives {
    private final Path place;
    private final String classPath;
    private final Map<String, Optional<String>> told = new HashMap<>();
    private long acks;
    private long lost;
    private long torn;
    private long recovered;

    Lives(String name, Path... first) throws Exception {
      place = Files.createDirectories(directory.resolve(name));
      var tests = UploadApp.class.getProtectionDomain().getCodeSource().getLocation();
      classPath =
          Stream.concat(Stream.of(first), Stream.of(Processes.JAR, Path.of(tests.getPath())))
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator));
    }

    Path database() {
      return place.resolve("app.db");
    }

    void startAndKill() throws Exception {
      List<String> way =
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "-Dorg.sqlite.tmpdir=" + place,
              "-cp",
              classPath);
      List<String> words =
          Processes.java(
              way, UploadApp.class.getName(), database().toString(), "" + random.nextInt());
      try (Running running = Running.start(place, Map.of(), words)) {
        String first = random.nextInt(4) > 0 ? "ack" : "try";
        Processes.await(first, () -> running.out().contains(first) || !running.alive());
        Thread.sleep(random.nextInt(MOST_MILLIS));
        running.kill();
        Processes.Ended killed = running.end();
        assertEquals("", killed.err());
        killed.out().lines().forEach(this::hear);
      }
    }

    /// An artifact that is being put may be the one before or the new one.
    private void hear(String line) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "ack" -> {
          told.put(words[1], Optional.of(words[2]));
          acks++;
        }
        case "try" -> told.computeIfPresent(words[1], (_, before) -> Optional.empty());
        default -> told.remove(words[1]);
      }
    }

    void compare(Quern quern) throws Exception {
      for (Map.Entry<String, Optional<String>> job : told.entrySet()) {
        Optional<String> type =
            quern.artifacts().get(Long.parseLong(job.getKey()), "file").map(Artifact::type);
        boolean known = job.getValue().isPresent() ? type.equals(job.getValue()) : type.isPresent();
        lost += known ? 0 : 1;
      }
      Page page = quern.jobs().list(JobFilter.ALL.limit(1_000));
      look(quern, page);
      while (page.next().isPresent()) {
        page = quern.jobs().list(JobFilter.ALL.limit(1_000).after(page.next().get()));
        look(quern, page);
      }
    }

    private void look(Quern quern, Page page) throws Exception {
      for (Job job : page.jobs()) {
        for (Artifact artifact : quern.artifacts().list(job.id())) {
          recovered += told.containsKey("" + job.id()) ? 0 : 1;
          torn += whole(quern, artifact) ? 0 : 1;
        }
      }
    }

    private static boolean whole(Quern quern, Artifact artifact) throws Exception {
      byte[] bytes = UploadApp.content(artifact.type());
      try (InputStream in =
          quern.artifacts().read(artifact.jobId(), artifact.name(), 0, 1L << 40).orElseThrow()) {
        return artifact.size() == bytes.length && Arrays.equals(bytes, readable(in));
      }
    }

    private static byte[] readable(InputStream in) {
      try {
        return in.readAllBytes();
      } catch (java.io.IOException damaged) {
        return new byte[0];
      }
    }

    /// How many contents nobody holds once the sweeper has had its time.
    long left() throws Exception {
      TestClock clock = new TestClock();
      try (Quern quern = Quern.manual(database(), QuernConfig.DEFAULT.clock(clock))) {
        for (int i = 0; i < 2_000; i++) {
          quern.tick();
          clock.advance(Duration.ofMillis(20));
        }
      }
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
          var statement = connection.createStatement();
          var rows =
              statement.executeQuery(
                  "select count(*) from quern_content where loose is not null")) {
        return rows.getLong(1);
      }
    }

    Map<String, List<String>> brokenRules() throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database())) {
        return new Invariants(connection).broken();
      }
    }
  }

  @Test
  void what_was_acknowledged_is_whole_and_nothing_else_is_seen() throws Exception {
    Lives lives = new Lives("good");
    int kills = 0;
    while (kills < KILLS || lives.acks < ACKS && kills < MOST_KILLS) {
      lives.startAndKill();
      kills++;
    }
    try (Quern quern = Quern.openExisting(lives.database(), QuernConfig.DEFAULT)) {
      lives.compare(quern);
    }
    assertEquals(0, lives.lost, "lost, seed " + SEED);
    assertEquals(0, lives.torn, "not whole, seed " + SEED);
    assertEquals(0, lives.left(), "left behind, seed " + SEED);
    assertEquals(Map.of(), lives.brokenRules());
    assertTrue(lives.acks >= ACKS, "too little was done: this proves nothing");
    new Finding(
            "ArtifactKillIT",
            "kill -9 while artifacts are put",
            kills,
            "%,d acknowledged artifacts".formatted(lives.acks),
            new Verdict(0, 0, 0, lives.recovered),
            Long.toString(SEED),
            torn() + "; " + unswept())
        .tell(startedAt);
  }

  /// Kills an engine that shows an artifact from its first piece on, until half of one is seen.
  private String torn() throws Exception {
    Path broken =
        Mutant.make(
            directory.resolve("mutant1"),
            Processes.JAR.toString(),
            "artifact/Upload.java",
            "    return id;\n",
            """
                if (writer != null) {
                  ContentTable.finish(tx, id, "part " + id, size + piece.length);
                  ArtifactTable.delete(tx, target.jobId(), artifact.name(), target.scope());
                  ArtifactTable.insert(tx, target, artifact, id, 0);
                  ContentTable.hold(tx, id);
                }
                return id;
            """);
    Lives lives = new Lives("torn", broken);
    int kills = 0;
    while (lives.torn == 0 && kills++ < TEETH_KILLS) {
      lives.startAndKill();
      try (Quern quern = Quern.openExisting(lives.database(), QuernConfig.DEFAULT)) {
        lives.compare(quern);
      }
    }
    assertTrue(lives.torn > 0, "an engine that shows half an artifact was not found out");
    return "shows artifacts from their first piece on: %d torn in %d kills"
        .formatted(lives.torn, kills);
  }

  /// Without the sweeper, what was begun would stay.
  private String unswept() throws Exception {
    Lives lives = new Lives("unswept");
    long left = 0;
    int kills = 0;
    while (left == 0 && kills++ < TEETH_KILLS) {
      lives.startAndKill();
      left = loose(lives.database());
    }
    assertTrue(left > 0, "no kill hit an upload: this proves nothing");
    assertEquals(0, lives.left());
    return "before it sweeps: %d contents left by %d kills".formatted(left, kills);
  }

  private static long loose(Path database) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select count(*) from quern_content where loose is not null")) {
      return rows.getLong(1);
    }
  }
}
