package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "30s, PT30S",
    "5m, PT5M",
    "2h, PT2H",
    "1d, PT24H",
    "1h30m, PT1H30M",
    "0s, PT0S"
  })
  void a_duration_is_numbers_with_units(String text, Duration expected) {
    assertEquals(expected, Values.duration(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "-5m",
        "5 m",
        "1.5h",
        "m",
        "5x",
        "5m!",
        "PT5M",
        "999999999999d",
        "36501d"
      })
  void anything_else_is_no_duration(String text) {
    assertThrows(IllegalArgumentException.class, () -> Values.duration(text));
  }

  @Test
  void what_is_wrong_with_a_duration_is_said() {
    assertEquals("30 has no unit: write 30s for seconds", refusal("30"));
    assertEquals("-5m is negative: leave out the minus, as in 5m", refusal("-5m"));
    assertEquals("-5 is no duration such as 500ms, 30s, 5m, 2h or 1d", refusal("-5"));
    assertEquals("it is no duration such as 500ms, 30s, 5m, 2h or 1d", refusal(""));
    assertEquals("soon is no duration such as 500ms, 30s, 5m, 2h or 1d", refusal("soon"));
  }

  private static String refusal(String text) {
    return assertThrows(IllegalArgumentException.class, () -> Values.duration(text)).getMessage();
  }

  @Test
  void a_time_has_an_offset_or_is_local() {
    Instant expected = Instant.parse("2027-01-31T09:00:00Z");

    assertEquals(expected, Values.instant("2027-01-31T09:00:00Z"));
    assertEquals(expected, Values.instant("2027-01-31T10:00+01:00"));
    assertEquals(
        LocalDateTime.parse("2027-01-31T09:00").atZone(ZoneId.systemDefault()).toInstant(),
        Values.instant("2027-01-31 09:00"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "tomorrow", "2027-13-01T00:00", "2027-01-31", "09:00"})
  void anything_else_is_no_time(String text) {
    assertThrows(IllegalArgumentException.class, () -> Values.instant(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "x", "", "1.0", "99999999999999999999"})
  void an_id_is_a_number_from_1(String text) {
    assertThrows(IllegalArgumentException.class, () -> Values.id(text));
  }

  @Test
  void names_are_separated_by_commas() {
    assertEquals(List.of("a", "b"), Values.names("a, b,"));
  }
}
