package dev.quern.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads what people type. What is refused throws [IllegalArgumentException] with the value and
/// what would be right.
final class Values {
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Pattern PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final Pattern WHOLE = Pattern.compile("(" + PART.pattern() + ")+");
  private static final Pattern NEGATIVE = Pattern.compile("-" + WHOLE.pattern());
  private static final String NO_URL = "is no URL of a server, such as http://127.0.0.1:8080";
  private static final Pattern BARE = Pattern.compile("\\d+");

  private Values() {}

  static String text(String text) {
    return require(!text.isEmpty(), text, "is empty");
  }

  /// A whole number from 1.
  static int count(String text) {
    int value = whole(text);
    require(value >= 1, text, "must be at least 1");
    return value;
  }

  /// A whole number.
  static int whole(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw refused(text, "is not a whole number within ±2,147,483,647");
    }
  }

  /// The id of a job.
  static long id(String text) {
    try {
      long id = Long.parseLong(text);
      require(id >= 1, text, "is not the id of a job");
      return id;
    } catch (NumberFormatException _) {
      throw refused(text, "is not the id of a job: ids are numbers, as 'quern jobs' prints them");
    }
  }

  /// The id of a job, as an operand.
  ///
  /// @throws UsageException if it is none
  static long operandId(String text) {
    try {
      return id(text);
    } catch (IllegalArgumentException bad) {
      throw new UsageException(bad.getMessage());
    }
  }

  /// A duration of numbers with units, such as `500ms`, `30s` or `1h30m`.
  static Duration duration(String text) {
    if (NEGATIVE.matcher(text).matches()) {
      throw refused(text, "is negative: leave out the minus, as in " + text.substring(1));
    }
    require(!BARE.matcher(text).matches(), text, "has no unit: write " + text + "s for seconds");
    require(WHOLE.matcher(text).matches(), text, "is no duration such as 500ms, 30s, 5m, 2h or 1d");
    Duration sum = Duration.ZERO;
    for (Matcher part = PART.matcher(text); part.find(); ) {
      sum = sum.plus(UNITS.get(part.group(2)).multipliedBy(Long.parseLong(part.group(1))));
    }
    require(
        sum.compareTo(LONGEST) <= 0, text, "is longer than %,d days".formatted(LONGEST.toDays()));
    return sum;
  }

  /// A moment: with `Z` or an offset, or else in the zone of this machine.
  static Instant instant(String text) {
    String iso = text.replace(' ', 'T');
    try {
      return iso.matches(".*T.*(Z|[+-]\\d\\d(:?\\d\\d)?)")
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException _) {
      throw refused(text, "is no time such as 2027-01-31T09:00 or 2027-01-31T09:00:00Z");
    }
  }

  /// Names, separated by commas.
  static List<String> names(String text) {
    return Arrays.stream(text(text).split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  static String[] array(List<String> names) {
    return names.toArray(String[]::new);
  }

  static Path path(String text) {
    try {
      return Path.of(text(text));
    } catch (InvalidPathException _) {
      throw refused(
          text, "cannot be the name of a file in this locale: use a UTF-8 one (LC_ALL=C.UTF-8)");
    }
  }

  /// The URL of a server, without a slash at its end.
  static URI url(String text) {
    try {
      URI url = new URI(text.replaceFirst("/+$", ""));
      require(
          ("" + url.getScheme()).matches("https?")
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null,
          text,
          NO_URL);
      return url;
    } catch (URISyntaxException _) {
      throw refused(text, NO_URL);
    }
  }

  /// A number of jobs or bytes, from 0.
  static long quota(String text) {
    try {
      long value = Long.parseLong(text);
      require(value >= 0, text, "must be at least 0");
      return value;
    } catch (NumberFormatException _) {
      throw refused(text, "is not a whole number from 0");
    }
  }

  private static String require(boolean right, String text, String problem) {
    if (!right) {
      throw refused(text, problem);
    }
    return text;
  }

  private static IllegalArgumentException refused(String text, String problem) {
    return new IllegalArgumentException(text.isEmpty() ? "it " + problem : text + " " + problem);
  }
}
