package dev.quern.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.model.MemoryDirectory;
import dev.quern.support.Finding;
import dev.quern.support.Quiet;
import dev.quern.support.Trust;
import dev.quern.support.Twin;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// An engine that dies between every two of its steps: before each statement, and after each
/// commit.
class CrashPointTest {
  @RegisterExtension final Quiet quiet = new Quiet();

  @TempDir(factory = MemoryDirectory.class)
  Path directory;

  @Test
  void nothing_is_lost_at_whatever_step_an_engine_dies() throws Exception {
    long startedAt = System.nanoTime();

    int stride = Trust.size(4, 1);
    int first = (int) (Trust.seed("CrashPointTest") % stride);

    CrashPoints.Sum sum = new CrashPoints(directory, stride, first).all();

    assertEquals("", sum.failing());
    assertTrue(sum.points() > 800 / stride, () -> sum.points() + " steps");
    new Finding(
            "CrashPointTest",
            "an engine dies before each statement and after each commit of a script of all that it"
                + " can do",
            sum.points(),
            "%,d steps, %,d different statements".formatted(sum.points(), sum.statements()),
            sum.verdict(),
            stride == 1 ? "all steps" : "every %d. step from %d".formatted(stride, first),
            teeth())
        .tell(startedAt);
  }

  private String teeth() throws Exception {
    String followUps =
        found(
            "core/Completing.java",
            "      intake.insert(tx, ((Verdict.Done) s.verdict()).followUps());",
            "      tx.run(\"commit\"); tx.run(\"begin immediate\");"
                + " intake.insert(tx, ((Verdict.Done) s.verdict()).followUps());");
    return "follow-ups in a transaction of their own: "
        + followUps
        + (Trust.LONG ? counters() : "");
  }

  private String counters() throws Exception {
    return "; counters in a transaction of their own: "
        + found(
            "core/Beat.java",
            "    ledger.changes().flush(tx);",
            "    tx.run(\"commit\"); tx.run(\"begin immediate\"); ledger.changes().flush(tx);");
  }

  private String found(String source, String guard, String instead) throws Exception {
    Path place = Files.createTempDirectory(directory, "mutant");
    try (Twin twin = Twin.with(place, source, guard, instead)) {
      String shown = (String) twin.call(CrashPoints.class, "find", place);
      assertNotEquals("", shown, () -> source + " without its guard was not noticed");
      System.out.println("crash points: " + source + ": " + shown);
      return "noticed at " + shown.substring(0, shown.indexOf(':'));
    }
  }
}
