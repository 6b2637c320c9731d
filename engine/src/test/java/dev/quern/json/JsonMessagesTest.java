package dev.quern.json;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMessagesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"a":1]       | not JSON: expected ',' or '}' but found ']' at position 6
          [1 2]         | not JSON: expected ',' or ']' but found '2' at position 3
          [nope]        | not JSON: expected a value but found 'nope' at position 1
          [1,]          | not JSON: expected a value but found ']' at position 3
          ['a']         | not JSON: expected a value but found U+0027 at position 1
          {a:1}         | not JSON: expected a name but found 'a' at position 1
          {"a" 1}       | not JSON: expected ':' but found '1' at position 5
          "abc          | not JSON: expected '"' but found the end of the text at position 4
          [1] x         | not JSON: expected the end of the text but found 'x' at position 4
          -x            | not JSON: expected a digit but found 'x' at position 1
          [01]          | not JSON: a number must not begin with 0 at position 1
          "\\q"         | not JSON: unknown escape at position 1
          {"a":1,"a":2} | JSON refused: a name that occurs twice in an object at position 7
          "\\u0000"     | JSON refused: the character NUL at position 1
          "\\ud800"     | JSON refused: half a surrogate pair (U+D800) at position 1
          1e1000        | JSON refused: an exponent over 999 at position 1
          """)
  void a_refusal_says_what_is_wrong_and_where(String text, String message) {
    assertEquals(message, Verdict.ofChecker(text).message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          { | "a": 1, | b | (line 3, column 2)
          { | b       | 1 | (line 2, column 2)
          """)
  void the_place_in_a_text_of_several_lines_has_line_and_column(
      String first, String second, String third, String place) {
    String text = first + "\n " + second + "\n " + third;

    assertEquals(place, Verdict.ofChecker(text).message().replaceFirst(".* at position \\d+ ", ""));
  }

  @ParameterizedTest
  @CsvSource({"65, 64", "100000, 64"})
  void nesting_beyond_64_is_refused(int depth, int position) {
    assertEquals(
        "JSON refused: nested deeper than 64 at position " + position,
        Verdict.ofChecker("[".repeat(depth)).message());
  }

  @ParameterizedTest
  @CsvSource({"101", "1000000"})
  void numbers_beyond_100_digits_are_refused(int digits) {
    assertEquals(
        "JSON refused: a number of more than 100 digits at position 0",
        Verdict.ofChecker("7".repeat(digits)).message());
  }

  /// Who looked at all before for each character would take hours.
  @Test
  void a_megabyte_of_anything_takes_a_moment_and_no_hours() {
    var long100 = "-0." + "7".repeat(95) + "e-001,";
    var texts =
        Stream.of(
            "[" + long100.repeat(10_000) + "1]",
            Json.quote("x".repeat(1 << 20)),
            "\"" + "\\u0061".repeat(170_000) + "\"",
            "{" + numbered("\"n%d\":1", 90_000) + "}",
            "[" + numbered("{\"a\":%d}", 90_000) + "]",
            " ".repeat(1 << 20));

    texts.forEach(text -> assertTimeout(Duration.ofMinutes(1), () -> Verdict.ofChecker(text)));
  }

  private static String numbered(String format, int times) {
    return IntStream.range(0, times).mapToObj(format::formatted).collect(joining(","));
  }
}
