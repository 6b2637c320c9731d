package dev.quern.webhook;

import dev.quern.Failure;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the status of an answer is kept: in the result of a delivery that was taken, in the code
/// of the failure of one that was not.
final class Receipt {
  private static final Pattern RESULT = Pattern.compile("\\{\"status\":([0-9]{3})}");
  private static final Pattern CODE = Pattern.compile("http_([0-9]{3})");

  private Receipt() {}

  static String result(Answer answer) {
    return "{\"status\":" + answer.status() + "}";
  }

  static String code(Answer answer) {
    return "http_" + answer.status();
  }

  static Optional<Integer> status(Optional<String> result, Optional<Failure> failure) {
    return result
        .map(RESULT::matcher)
        .or(() -> failure.map(Failure::code).map(CODE::matcher))
        .filter(Matcher::matches)
        .map(found -> Integer.valueOf(found.group(1)));
  }
}
