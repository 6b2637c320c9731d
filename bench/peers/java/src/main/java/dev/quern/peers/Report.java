package dev.quern.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Brings the files of all processes together: prints the tables and writes one JSON file.
final class Report {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Report() {}

  /// Arguments: the directory of the files, the file to write, the commit, `full` or `quick`, and
  /// each missing system with its reason.
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Results results = Results.of(read(directory));
    String machine = Machine.describe(directory);
    List<String> missing = List.of(args).subList(4, args.length);
    System.out.printf("%s%nJDK %s, commit %s%n", machine, Runtime.version(), args[2]);
    new Tables(results, System.out).print();
    missing.forEach(line -> System.out.println("missing: " + line));
    Map<String, Object> report = report(results, machine, args[2], args[3], missing);
    Files.writeString(Path.of(args[1]), JSON.writeValueAsString(report) + "\n");
  }

  private static List<Measured> read(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(file -> JSON.readValue(file.toFile(), Measured.class))
          .toList();
    }
  }

  private static Map<String, Object> report(
      Results results, String machine, String commit, String plan, List<String> missing) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("machine", machine);
    report.put("jdk", Runtime.version().toString());
    report.put("commit", commit);
    report.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    report.put("plan", plan);
    report.put("missing", missing);
    report.put("rows", results.all().stream().map(result -> row(results, result)).toList());
    return report;
  }

  private static Map<String, Object> row(Results results, Result result) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("system", result.facts().system());
    row.put("version", result.facts().version());
    row.put("store", result.facts().store());
    row.put("durability", result.facts().durability());
    row.put("settings", result.facts().settings());
    row.put("workload", result.workload());
    row.put("unit", result.unit());
    row.put("value", result.value());
    row.put("runs", result.runs().stream().map(Run::value).toList());
    row.put("ratio", results.ratio(result).orElse(null));
    row.put("recorded", result.recorded());
    row.put("duplicates", result.duplicates());
    row.put("note", result.note());
    return row;
  }
}
