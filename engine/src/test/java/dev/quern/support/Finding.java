package dev.quern.support;

import dev.quern.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// What a test of trust found: a row of `src-it/TRUST.md`.
///
/// The long run keeps its findings in `src-it/trust/`, a file for each test, from which the table
/// is made anew; a build only prints them.
///
/// @param test the name of the test class, without package; one that finds several things adds a
///   word: `PowerCutIT torn`
/// @param what what was done to the engine, a few words
/// @param faults how many faults were injected; 0 where a test only checks histories
/// @param checked how many images, histories or answers were checked, with their name: `2,000
///   images`
/// @param verdict what was found
/// @param seeds the seed, or the first and last of a range
/// @param teeth what the variant without its guard lost, in words
public record Finding(
    String test,
    String what,
    long faults,
    String checked,
    Verdict verdict,
    String seeds,
    String teeth) {

  /// What became of the jobs.
  ///
  /// @param lost acknowledged, and not there
  /// @param unexpected there, and nobody asked for it; or changed after its end
  /// @param duplicated there, run or recorded once too often
  /// @param recovered there though the answer was never heard, or run again after a fault
  public record Verdict(long lost, long unexpected, long duplicated, long recovered) {
    /// Nothing wrong, nothing to recover.
    public static final Verdict CLEAN = new Verdict(0, 0, 0, 0);

    /// Both together.
    public Verdict plus(Verdict other) {
      return new Verdict(
          lost + other.lost,
          unexpected + other.unexpected,
          duplicated + other.duplicated,
          recovered + other.recovered);
    }
  }

  /// A finding, and where and when it was made.
  public record Dated(Finding finding, String commit, String date, long seconds) {}

  /// Prints it; the long run also writes it down.
  ///
  /// @param startedAt [System#nanoTime] when the test began
  public void tell(long startedAt) throws IOException {
    long seconds = (System.nanoTime() - startedAt) / 1_000_000_000;
    System.out.printf(
        "%s: %s: %,d faults, %s checked, lost %d, unexpected %d, duplicated %d, recovered %d, %d s;"
            + " teeth: %s%n",
        test,
        what,
        faults,
        checked,
        verdict.lost,
        verdict.unexpected,
        verdict.duplicated,
        verdict.recovered,
        seconds,
        teeth);
    if (Trust.LONG) {
      write(new Dated(this, Trust.commit(), LocalDate.now(ZoneOffset.UTC).toString(), seconds));
    }
  }

  private void write(Dated dated) throws IOException {
    Files.createDirectories(TrustPage.directory());
    Path file = TrustPage.directory().resolve(test.replace(' ', '-') + ".json");
    Files.writeString(file, new JsonCodec().encode(dated) + "\n");
    Files.writeString(TrustPage.file(), TrustPage.text());
  }
}
