package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTextsTest {

  static Stream<JsonTexts.Case> all() {
    return JsonTexts.all();
  }

  static Stream<JsonTexts.Case> accepted() {
    return JsonTexts.all().filter(JsonTexts.Case::accepted);
  }

  static Stream<JsonTexts.Case> refused() {
    return JsonTexts.all().filter(row -> !row.accepted());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void what_the_table_accepts_is_accepted(JsonTexts.Case row) {
    assertDoesNotThrow(() -> Json.check(row.text()));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void what_the_table_refuses_is_refused_at_that_place(JsonTexts.Case row) {
    var refusal = assertThrows(JsonException.class, () -> Json.check(row.text()));

    assertEquals(row.position(), refusal.position(), refusal.getMessage());
  }

  @ParameterizedTest
  @MethodSource("all")
  void the_parser_says_the_same_as_the_checker(JsonTexts.Case row) {
    assertEquals(Verdict.ofChecker(row.text()), Verdict.ofParser(row.text()));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void an_accepted_text_survives_writing(JsonTexts.Case row) {
    var value = Json.parse(row.text());

    assertEquals(value, Json.parse(Json.write(value)));
  }
}
