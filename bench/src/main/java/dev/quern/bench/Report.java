package dev.quern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Renders `bench/results` as `BENCHMARKS.md` with plots.
public final class Report {
  private static final Path PAGE = Path.of("BENCHMARKS.md");
  private static final List<String> WORKLOADS = List.of("enqueue-one", "enqueue-bulk", "drain");

  private final Evidence evidence;
  private final Plots plots;
  private final StringBuilder page = new StringBuilder();

  private Report(Evidence evidence, Plots plots) {
    this.evidence = evidence;
    this.plots = plots;
  }

  /// Renders what there is.
  public static void main(String... arguments) throws IOException {
    Evidence evidence = Evidence.read(All.RESULTS);
    Report report = new Report(evidence, new Plots(evidence, All.RESULTS));
    report.render();
    Files.writeString(PAGE, report.page);
    Progress.say("wrote " + PAGE);
  }

  private void render() throws IOException {
    line("# Benchmarks");
    line("");
    line(
        "Written by `dev.quern.bench.Report` from the files in `bench/results`; what each benchmark");
    line("measures, and what it does not, is in [bench/README.md](bench/README.md).");
    targets();
    for (Map.Entry<String, Results> file : evidence.files().entrySet()) {
      benchmark(file.getKey(), file.getValue());
    }
    peers();
    machines();
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  private void heading(String text) {
    line("");
    line("## " + text);
    line("");
  }

  private void targets() {
    heading("To reach");
    line("Ratios are of medians of one run, in which the compared took turns.");
    line("");
    line("| | goal | measured | |");
    line("|---|---|---|---|");
    new Targets(evidence).all().forEach(target -> line(target.row()));
    evidence
        .matching("DrainBench.drain", Map.of("concurrency", "256", "payloadBytes", "12"))
        .flatMap(each -> each.secondary("allocated").stream())
        .forEach(bytes ->
            line(
                "| allocation per job in DrainBench | half of the first figure | %s | reported |"
                    .formatted(Figures.of(bytes, "B"))));
  }

  private void benchmark(String name, Results file) throws IOException {
    heading(name + (file.quick() ? ", a quick run" : ""));
    plots.bars(name).ifPresent(this::image);
    line("| | | median | lowest to highest | also |");
    line("|---|---|---|---|---|");
    file.results().forEach(each -> line(row(each)));
  }

  private void image(String file) {
    line("![%s](bench/results/%s)".formatted(file, file));
    line("");
  }

  private static String row(Measurement each) {
    Measurement.Metric metric = each.primaryMetric();
    Samples runs = Samples.of(metric.runs());
    String spread =
        runs.count() < 2 ? "" : Figures.of(runs.percentile(0)) + " to " + Figures.of(runs.max());
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            each.name(),
            joined(each.params()),
            Figures.of(metric.score(), metric.scoreUnit()),
            spread,
            each.secondaryMetrics().entrySet().stream()
                .map(also ->
                    also.getKey()
                        + " "
                        + Figures.of(also.getValue().score(), also.getValue().scoreUnit()))
                .collect(Collectors.joining(", ")));
  }

  private static String joined(Map<String, String> params) {
    return params.entrySet().stream()
        .map(param -> param.getKey() + " " + param.getValue())
        .collect(Collectors.joining(", "));
  }

  private void peers() throws IOException {
    List<Peers.Row> rows = evidence.peers().map(Peers::rows).orElse(List.of());
    if (rows.isEmpty()) {
      return;
    }
    heading("Peers");
    for (String workload : WORKLOADS) {
      plots.peers(workload).ifPresent(this::image);
    }
    new PeersTables(new Peers(rows)).lines().forEach(this::line);
  }

  private void machines() {
    heading("Where and when");
    line("| | commit | date | `fdatasync` of 4 KiB appended, p50 | machine | JDK | SQLite |");
    line("|---|---|---|---|---|---|---|");
    evidence.files().forEach((name, file) -> line(row(name, file.machine())));
    evidence.files().values().stream().findFirst().ifPresent(this::pragmas);
  }

  private static String row(String name, Machine at) {
    return "| %s | %s | %s | %s | %d cores, %s, %s, %s, %s | %s, %s | %s |"
        .formatted(
            name,
            at.commit(),
            at.date(),
            Figures.of(at.fdatasyncMillis(), "ms"),
            at.cores(),
            at.cpu(),
            at.memory(),
            at.system(),
            at.fileSystem(),
            at.jdk(),
            String.join(" ", at.jvmArguments()),
            at.sqlite());
  }

  private void pragmas(Results file) {
    line("");
    line(
        "Pragmas of the connection that writes, the engine's and the floors': "
            + joined(file.machine().pragmas())
            + ".");
  }
}
