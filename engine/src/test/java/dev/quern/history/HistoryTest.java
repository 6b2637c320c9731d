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

/// Linearizability: what several threads are answered all at once could have been answered one
/// after the other, in the order of the commits and in the order in which the calls were made.
class HistoryTest {
  private static final int HISTORIES = Trust.size(20, 200);
  private static final int CALLS = Trust.size(700, 3_000);
  private static final int TEETH_HISTORIES = 20;
  private static final int TEETH_CALLS = 1_000;

  @RegisterExtension final Quiet quiet = new Quiet();

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void every_history_could_have_been_made_by_one_call_after_the_other() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("HistoryTest");
    long calls = 0;
    for (int i = 0; i < HISTORIES; i++) {
      Path file = directory.resolve("history-%d.db".formatted(i));
      History history = History.make(file, seed + i, CALLS);
      assertEquals(List.of(), history.problems(), "seed " + (seed + i));
      assertEquals(0, history.refused(), "calls that were refused, seed " + (seed + i));
      calls += history.calls();
      Files.delete(file);
    }
    new Finding(
            "HistoryTest",
            "calls of six threads and of handlers, in the order of commits and of time",
            0,
            "%,d histories, %,d answers".formatted(HISTORIES, calls),
            Finding.Verdict.CLEAN,
            "%d-%d".formatted(seed, seed + HISTORIES - 1),
            "stale reads: " + staleReads(seed) + "; lost updates: " + lostUpdates(seed))
        .tell(startedAt);
  }

  /// Readers that stay in a state of the store for a while.
  private String staleReads(long seed) throws Exception {
    return found(
        seed,
        "store/Readers.java",
        "tx.prepared(\"begin\").executeUpdate();\n"
            + "      T answer = question.apply(tx);\n"
            + "      tx.prepared(\"rollback\").executeUpdate();\n"
            + "      return answer;",
        """
        if (java.util.concurrent.ThreadLocalRandom.current().nextInt(3) == 0) {
          try {
            tx.run("rollback");
          } catch (SQLException none) {
            none.getMessage();
          }
          tx.run("begin");
        }
        return question.apply(tx);
        """);
  }

  /// A writer that answers now and then although its transaction was undone.
  private String lostUpdates(long seed) throws Exception {
    return found(
        seed,
        "store/Writer.java",
        "tx.prepared(\"commit\").executeUpdate();",
        """
        boolean lost = java.util.concurrent.ThreadLocalRandom.current().nextInt(100) == 0;
        tx.prepared(lost ? "rollback" : "commit").executeUpdate();
        """);
  }

  private String found(long seed, String source, String guard, String instead) throws Exception {
    Path place = Files.createTempDirectory(directory, "mutant");
    try (Twin twin = Twin.with(place, source, guard, instead)) {
      String shown =
          (String) twin.call(History.class, "find", place, seed, TEETH_HISTORIES, TEETH_CALLS);
      assertNotEquals("", shown, () -> source + " without its guard was not noticed");
      System.out.println("history: " + source + ": " + shown);
      return shown.substring(0, shown.lastIndexOf(" wrong"));
    }
  }
}
