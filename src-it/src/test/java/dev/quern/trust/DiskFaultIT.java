package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import dev.quern.trust.DiskArm.Error;
import dev.quern.trust.DiskArm.How;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The n-th operation on the disk fails, for each n from the first of a new file to the last of the
/// close ([FaultRound]): whoever asked is told the truth, the engine goes on when the fault has
/// passed, nothing hangs, and what was acknowledged is there.
///
/// The build takes some n, the long run all of them, several times: what the threads of the engine
/// do meanwhile is the system's affair.
class DiskFaultIT {
  /// What fails, and how.
  ///
  /// @param step of the numbers that the build takes
  private record Way(int kinds, Error error, How how, int step) {
    List<String> words(long first, long last, long step, long patience) {
      return List.of(
          Integer.toString(kinds),
          error.name(),
          how.name(),
          Long.toString(first),
          Long.toString(last),
          Long.toString(step),
          Long.toString(patience));
    }
  }

  private static final List<Way> WAYS =
      List.of(
          new Way(DiskArm.CHANGES, Error.EIO, How.ONCE, 10),
          new Way(DiskArm.CHANGES, Error.EIO, How.FOREVER, 38),
          new Way(DiskArm.CHANGES, Error.ENOSPC, How.ONCE, 16),
          new Way(DiskArm.CHANGES, Error.ENOSPC, How.FOREVER, 38),
          new Way(DiskArm.SYNC, Error.EIO, How.ONCE, 2),
          new Way(DiskArm.WRITE, Error.EIO, How.SHORT, 26),
          new Way(DiskArm.WRITE, Error.ENOSPC, How.HALF, 18),
          new Way(DiskArm.READ, Error.EIO, How.ONCE, 6));

  private static final int TIMES = Trust.size(1, 5);

  /// So many rounds of a process: a disk that fails for ever lets each take a while.
  private static final int ROUNDS = 100;

  private static final int END = 10_000;

  /// How many milliseconds an engine may take to go on when the fault has passed.
  private static final int PATIENCE = 30_000;

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private Disk disk;

  /// What rounds came to.
  ///
  /// @param rounds those in which something failed
  /// @param hits how many operations failed
  /// @param unknown how many calls were told that their outcome is unknown
  private record Sum(
      long rounds, long hits, long promises, long unknown, Verdict verdict, List<String> faults) {
    static final Sum NONE = new Sum(0, 0, 0, 0, Verdict.CLEAN, List.of());

    Sum plus(Sum other) {
      List<String> all = new ArrayList<>(faults);
      all.addAll(other.faults);
      return new Sum(
          rounds + other.rounds,
          hits + other.hits,
          promises + other.promises,
          unknown + other.unknown,
          verdict.plus(other.verdict),
          all);
    }

    /// Takes a line of a [FaultApp].
    static Sum of(String line) {
      String[] words = line.split(" ");
      if (!words[0].equals("round")) {
        return new Sum(0, 0, 0, 0, Verdict.CLEAN, List.of(line));
      }
      long[] n = new long[words.length];
      for (int i = 1; i < n.length; i++) {
        n[i] = Long.parseLong(words[i]);
      }
      return new Sum(
          Math.min(n[1], 1), n[1], n[2], n[3], new Verdict(n[4], n[5], n[6], n[7]), List.of());
    }
  }

  @Test
  void whatever_operation_fails_nothing_that_was_acknowledged_is_lost() throws Exception {
    long seed = Trust.seed("DiskFaultIT");
    disk = Disk.build(directory);
    String teeth = aCommitThatIsTriedAgainMustBeFound();
    Sum sum = Sum.NONE;
    for (Way way : WAYS) {
      for (int time = 0; time < TIMES; time++) {
        sum = sum.plus(all(way, seed));
      }
    }

    assertEquals(List.of(), sum.faults(), "-Dquern.seed=" + seed);
    assertTrue(sum.rounds() > 100, "too few faults were injected: this proves nothing");
    assertTrue(sum.promises() > 20 * sum.rounds(), "too little was promised: this proves nothing");
    assertTrue(sum.unknown() > 0, "no commit failed: this proves nothing");
    tell(sum, seed, teeth);
  }

  private void tell(Sum sum, long seed, String teeth) throws Exception {
    new Finding(
            "DiskFaultIT",
            "the n-th read, write, sync, truncate, open or unlink fails: EIO, ENOSPC, short, half;"
                + " once or for ever",
            sum.rounds(),
            "%,d lives of an engine, %,d unknown outcomes".formatted(sum.rounds(), sum.unknown()),
            sum.verdict(),
            Long.toString(seed),
            teeth)
        .tell(startedAt);
  }

  /// One n after the other, until there are no more operations.
  private Sum all(Way way, long seed) throws Exception {
    long step = Trust.LONG ? 1 : way.step();
    Sum sum = Sum.NONE;
    for (long first = 1 + seed % step; first < END; first += ROUNDS * step) {
      Sum some =
          some(Optional.empty(), way.words(first, first + (ROUNDS - 1) * step, step, PATIENCE));
      sum = sum.plus(some);
      if (some.rounds() < ROUNDS) {
        break;
      }
    }
    return sum;
  }

  private Sum some(Optional<Path> mutant, List<String> way) throws Exception {
    Path data = Disk.inMemory(directory);
    try {
      List<String> words = new ArrayList<>(List.of(data.toString()));
      words.addAll(way);
      Map<String, String> environment = disk.failing(data);
      Processes.Ended ended = new Child(directory).run(mutant, FaultApp.class, words, environment);
      assertEquals(0, ended.exit(), () -> ended.out() + ended.err());
      return ended.out().lines().map(Sum::of).reduce(Sum.NONE, Sum::plus);
    } finally {
      Disk.delete(data);
    }
  }

  // ---- the teeth

  private String aCommitThatIsTriedAgainMustBeFound() throws Exception {
    Optional<Path> again =
        new Child(directory)
            .mutant(
                "store/Writer.java",
                "throw new CommitFault(fault);",
                "try { tx.run(\"commit\"); } catch (SQLException done) { }");
    Way syncs = new Way(DiskArm.SYNC, Error.EIO, How.ONCE, 1);
    Sum sum = some(again, syncs.words(22, 27, 1, 300));
    assertTrue(sum.verdict().lost() > 0, "nothing was lost: the test has no teeth");
    return "a commit that is tried again lost %d promises in %d lives"
        .formatted(sum.verdict().lost(), sum.rounds());
  }
}
