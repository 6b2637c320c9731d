package dev.quern.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Prometheus' text format 0.0.4, read strictly: each family has its help, its type and then all
/// its samples; no series occurs twice; counters end in `_total`, and nothing else does; a
/// histogram has buckets that hold those before them up to `+Inf`, which is its count, and its sum.
///
/// @param types by the name of the family
/// @param samples values by series
record Exposition(Map<String, String> types, Map<String, Double> samples) {
  private static final Pattern ABOUT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{%s(?:,%s)*\\})? (\\S+)".formatted(LABEL, LABEL));
  private static final Pattern BUCKET = Pattern.compile("(.*)_bucket\\{(.*),le=\"([^\"]*)\"}");
  private static final Pattern NAMES = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram");

  /// Reads a text.
  ///
  /// @throws IllegalArgumentException if it is not in that format
  static Exposition read(String text) {
    require(text.endsWith("\n"), "the last line does not end");
    Reader reader = new Reader();
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      try {
        reader.line(line);
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(wrong.getMessage() + ": " + line, wrong);
      }
    }
    reader.end();
    return new Exposition(reader.types, reader.samples);
  }

  /// The value of a series.
  double of(String series) {
    Double value = samples.get(series);
    require(value != null, series + " is not among " + samples.keySet());
    return value;
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static final class Reader {
    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Double> samples = new HashMap<>();
    private final Set<String> helped = new HashSet<>();
    private final Set<String> filled = new HashSet<>();
    private String family = "";
    private String buckets = "";
    private double lastBound;
    private double lastCount;

    void line(String line) {
      Matcher about = ABOUT.matcher(line);
      if (!about.matches()) {
        sample(line);
      } else if (about.group(1).equals("HELP")) {
        help(about.group(2), about.group(3));
      } else {
        type(about.group(2), about.group(3));
      }
    }

    private void help(String name, String text) {
      require(helped.add(name), "a family begins twice");
      require(!text.replace("\\\\", "").replace("\\n", "").contains("\\"), "a lone backslash");
      family = name;
    }

    private void type(String name, String type) {
      require(name.equals(family), "a type without its help before it");
      require(TYPES.contains(type), "an unknown type");
      require(types.put(name, type) == null, "a second type");
      require(
          type.equals("counter") == name.endsWith("_total"),
          "counters, and they alone, end in _total");
    }

    private void sample(String line) {
      Matcher parts = SAMPLE.matcher(line);
      require(parts.matches(), "neither help, nor type, nor sample");
      require(types.containsKey(family) && ofFamily(parts.group(1)), "not of this family");
      filled.add(family);
      labels(parts.group(2) == null ? "" : parts.group(2));
      double value = Double.parseDouble(parts.group(3));
      require(!types.get(family).equals("counter") || value >= 0, "a negative count");
      String series = line.substring(0, line.lastIndexOf(' '));
      require(samples.put(series, value) == null, "a series occurs twice");
      if (types.get(family).equals("histogram")) {
        histogram(series, value);
      }
    }

    private boolean ofFamily(String name) {
      return types.get(family).equals("histogram")
          ? Set.of(family + "_bucket", family + "_sum", family + "_count").contains(name)
          : name.equals(family);
    }

    private static void labels(String labels) {
      List<String> names =
          NAMES.matcher(labels.replaceAll("\\\\.", "")).results().map(m -> m.group(1)).toList();
      require(new HashSet<>(names).size() == names.size(), "a label occurs twice");
      require(names.stream().noneMatch(name -> name.startsWith("__")), "a reserved label");
    }

    /// Buckets are together, shortest first.
    private void histogram(String series, double value) {
      Matcher bucket = BUCKET.matcher(series);
      if (bucket.matches()) {
        double bound = Double.parseDouble(bucket.group(3).replace("+Inf", "Infinity"));
        String whose = bucket.group(1) + bucket.group(2);
        require(!whose.equals(buckets) || bound > lastBound, "buckets out of order");
        require(!whose.equals(buckets) || value >= lastCount, "a bucket without those before it");
        buckets = whose;
        lastBound = bound;
        lastCount = value;
      } else if (series.startsWith(family + "_count")) {
        require(lastBound == Double.POSITIVE_INFINITY, "no bucket for all");
        require(value == lastCount, "a count that is not that of all buckets");
      }
    }

    void end() {
      require(types.keySet().equals(helped), "a help without a type: " + helped);
      require(!types.isEmpty(), "there is nothing");
      Set<String> known =
          Set.of(
              "quern_jobs",
              "quern_claims_total",
              "quern_job_wait_seconds",
              "quern_job_run_seconds");
      types.keySet().stream()
          .filter(name -> !known.contains(name))
          .forEach(name -> require(filled.contains(name), name + " has no sample"));
    }
  }
}
