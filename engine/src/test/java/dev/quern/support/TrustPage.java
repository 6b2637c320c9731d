package dev.quern.support;

import dev.quern.json.JsonCodec;
import dev.quern.support.Finding.Dated;
import dev.quern.support.Finding.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `src-it/TRUST.md`: the findings of the long run as a table. No figure in it is typed by hand.
public final class TrustPage {
  private static final String HEAD =
      """
      # What was tried to make Quern lose a job

      Written by the long run, `mvn verify -Dtrust=long`, from the findings in `trust/`; a row is replaced when
      its test runs again. `mvn verify` runs the same tests, smaller. A row's seed repeats it: `-Dquern.seed=N`.

      *Lost*: acknowledged, and not there. *Unexpected*: there, and nobody asked for it, or changed after its end.
      *Duplicated*: there or recorded twice. *Recovered*: there although the answer was never heard, or run again
      after a fault, as promised. *Teeth*: what the same test found when the engine's guard was removed.

      """;

  private static final String COLUMNS =
      """
      | Test | What was done | Faults | Checked | Lost | Unexpected | Duplicated | Recovered | Teeth | Seed | Commit | Date | Minutes |
      |---|---|--:|---|--:|--:|--:|--:|---|---|---|---|--:|
      """;

  private TrustPage() {}

  /// The page as it must be.
  public static String text() throws IOException {
    List<Dated> findings = findings();
    return HEAD + total(findings) + COLUMNS + rows(findings);
  }

  /// Where the page is.
  public static Path file() {
    return Trust.HOME.resolve("src-it").resolve("TRUST.md");
  }

  static Path directory() {
    return Trust.HOME.resolve("src-it").resolve("trust");
  }

  private static List<Dated> findings() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(TrustPage::finding)
          .toList();
    }
  }

  private static Dated finding(Path file) {
    try {
      return new JsonCodec().decode(Files.readString(file), Dated.class);
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }

  private static String total(List<Dated> findings) {
    Verdict sum =
        findings.stream()
            .map(dated -> dated.finding().verdict())
            .reduce(Verdict.CLEAN, Verdict::plus);
    long faults = findings.stream().mapToLong(dated -> dated.finding().faults()).sum();
    return "**%,d faults: %,d lost, %,d unexpected, %,d duplicated, %,d recovered.**%n%n"
        .formatted(faults, sum.lost(), sum.unexpected(), sum.duplicated(), sum.recovered());
  }

  private static String rows(List<Dated> findings) {
    return findings.stream().map(TrustPage::row).collect(Collectors.joining());
  }

  private static String row(Dated dated) {
    Finding finding = dated.finding();
    Verdict verdict = finding.verdict();
    return "| %s | %s | %,d | %s | %,d | %,d | %,d | %,d | %s | %s | %s | %s | %.1f |%n"
        .formatted(
            finding.test(),
            finding.what(),
            finding.faults(),
            finding.checked(),
            verdict.lost(),
            verdict.unexpected(),
            verdict.duplicated(),
            verdict.recovered(),
            finding.teeth(),
            finding.seeds(),
            dated.commit(),
            dated.date(),
            dated.seconds() / 60.0);
  }
}
