package dev.quern.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.quern.model.MemoryDirectory;
import dev.quern.support.Finding;
import dev.quern.support.Quiet;
import dev.quern.support.Trust;
import dev.quern.support.Twin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Dedupe keys in a storm: after each change a key has one live job at most, and every answer names
/// a job that was live while it was given.
class DedupeStormTest {
  private static final int STORMS = Trust.size(1, 60);
  private static final int CALLS = Trust.size(30, 300);
  private static final int TEETH_CALLS = 30;

  @RegisterExtension final Quiet quiet = new Quiet();

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void in_a_storm_a_key_has_one_live_job_and_every_answer_names_it() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("DedupeStormTest");
    long answers = 0;
    for (int i = 0; i < STORMS; i++) {
      Path file = directory.resolve("storm-%d.db".formatted(i));
      Storm.Found found = Storm.rage(file, seed + i, CALLS, true);
      assertEquals(List.of(), found.problems(), "seed " + (seed + i));
      answers += found.answers();
      Files.delete(file);
    }
    new Finding(
            "DedupeStormTest",
            "64 threads and 100 keys on two engines and in callers' transactions, with rollbacks,"
                + " cancellations and requeues",
            0,
            "%,d answers".formatted(answers),
            Finding.Verdict.CLEAN,
            "%d-%d".formatted(seed, seed + STORMS - 1),
            "without the unique index: %s; duplicates of ended jobs: %s"
                .formatted(withoutIndex(seed), endedDuplicates(seed)))
        .tell(startedAt);
  }

  private String withoutIndex(long seed) throws Exception {
    Path file = directory.resolve("no-index.db");
    List<String> problems = Storm.rage(file, seed, TEETH_CALLS, false).problems();
    assertNotEquals(List.of(), problems, "a store without the index was not noticed");
    return problems.size() + " problems";
  }

  private String endedDuplicates(long seed) throws Exception {
    Path place = Files.createTempDirectory(directory, "mutant");
    String guard = "and dedupe_key = ? and ended_at is null";
    try (Twin twin = Twin.with(place, "core/JobTable.java", guard, "and dedupe_key = ?")) {
      String shown = (String) twin.call(Storm.class, "find", place, seed, TEETH_CALLS);
      assertNotEquals("", shown, "duplicates of ended jobs were not noticed");
      System.out.println("dedupe storm: " + shown);
      return shown.substring(0, shown.indexOf(':')) + " problems";
    }
  }
}
