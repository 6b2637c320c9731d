package dev.quern.http;

import dev.quern.JobFilter;
import dev.quern.JobState;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parameter `q` of lists: terms such as `state:failed kind:mail error:"no such host"`, with
/// spaces between them, each field at most once. A value in quotes may hold spaces, and `\"` and
/// `\\` in it stand for a quote and a backslash.
final class Filter {
  private static final String FIELDS = "state, kind, tag and error";
  private static final Pattern TERM =
      Pattern.compile("([A-Za-z]+):(?:\"((?:[^\"\\\\]|\\\\[\"\\\\])*)\"|([^\\s\"]+))(?:\\s+|$)");

  private Filter() {}

  /// The jobs that a text asks for.
  ///
  /// @throws Problem if it cannot be read, with its position
  static JobFilter read(String text) {
    JobFilter filter = JobFilter.ALL;
    Set<String> fields = new HashSet<>();
    Matcher term = TERM.matcher(text);
    int at = text.length() - text.stripLeading().length();
    while (at < text.length()) {
      if (!term.find(at) || term.start() != at) {
        throw refused(at, "expected a term such as state:failed or error:\"no such host\"");
      }
      if (!fields.add(term.group(1))) {
        throw refused(at, "\"%s\" is there twice".formatted(term.group(1)));
      }
      filter = with(filter, term, at);
      at = term.end();
    }
    return filter;
  }

  private static JobFilter with(JobFilter filter, Matcher term, int at) {
    String value =
        term.group(2) == null ? term.group(3) : term.group(2).replaceAll("\\\\(.)", "$1");
    return switch (term.group(1)) {
      case "state" -> filter.state(state(value, at));
      case "kind" -> filter.kind(value);
      case "tag" -> filter.tag(value);
      case "error" -> filter.errorText(value);
      default ->
          throw refused(at, "there is no field \"%s\", but %s".formatted(term.group(1), FIELDS));
    };
  }

  private static JobState state(String label, int at) {
    try {
      return JobState.of(label);
    } catch (IllegalArgumentException unknown) {
      throw refused(at, unknown.getMessage());
    }
  }

  private static Problem refused(int at, String why) {
    return Problem.at("q", "at position %d: %s".formatted(at, why));
  }
}
