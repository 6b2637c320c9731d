package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {

  @Test
  void a_text_becomes_records() {
    var value = Json.parse("{\"a\":[1,\"x\\n\",true,null],\"b\":{}}");

    var array =
        new JsonArray(
            List.of(
                new JsonNumber("1"), new JsonString("x\n"), new JsonBoolean(true), new JsonNull()));
    assertEquals(new JsonObject(Map.of("a", array, "b", new JsonObject(Map.of()))), value);
  }

  @Test
  void an_object_keeps_the_order_of_the_text() {
    var object = (JsonObject) Json.parse("{\"z\":1,\"a\":2,\"m\":3}");

    assertEquals(List.of("z", "a", "m"), List.copyOf(object.members().keySet()));
  }

  @Test
  void an_object_finds_its_members_by_name() {
    var object = (JsonObject) Json.parse("{\"a\":null}");

    assertEquals(Optional.of(new JsonNull()), object.get("a"));
    assertEquals(Optional.empty(), object.get("b"));
  }

  @Test
  void a_parsed_object_cannot_be_changed() {
    var members = ((JsonObject) Json.parse("{\"a\":1}")).members();

    assertThrows(UnsupportedOperationException.class, members::clear);
  }

  @Test
  void an_object_does_not_change_with_the_map_it_was_made_of() {
    var members = new HashMap<String, JsonValue>();
    var object = new JsonObject(members);

    members.put("a", new JsonNull());

    assertEquals(Map.of(), object.members());
  }

  @Test
  void an_array_does_not_change_with_the_list_it_was_made_of() {
    var elements = new ArrayList<JsonValue>();
    var array = new JsonArray(elements);

    elements.add(new JsonNull());

    assertEquals(List.of(), array.elements());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "42, 42",
    "5.0, 5",
    "1e3, 1000",
    "1200e-2, 12",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "0e999, 0",
  })
  void a_whole_number_is_a_long(String text, long value) {
    assertEquals(value, new JsonNumber(text).longValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1e-1", "9223372036854775808", "-9223372036854775809", "1e999"})
  void a_number_that_is_no_long_says_so(String text) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> new JsonNumber(text).longValue());

    assertEquals(text + ": not a whole number in the range of a long", refusal.getMessage());
  }

  @Test
  void a_number_is_the_nearest_double() {
    assertEquals(0.1, new JsonNumber("0.1").doubleValue());
    assertEquals(0.0, new JsonNumber("1e-999").doubleValue());
  }

  @Test
  void a_number_beyond_the_doubles_says_so() {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> new JsonNumber("1e309").doubleValue());

    assertEquals("1e309: out of the range of a double", refusal.getMessage());
  }

  @Test
  void a_number_is_exact_as_a_decimal() {
    assertEquals(new BigDecimal("1.10"), new JsonNumber("1.10").decimalValue());
    assertEquals(new BigDecimal("1e999"), new JsonNumber("1e999").decimalValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "01", "1 ", " 1", "1,", "NaN", "1e1000", "+1"})
  void a_number_is_made_of_json_only(String text) {
    assertThrows(JsonException.class, () -> new JsonNumber(text));
  }

  @Test
  void what_is_written_has_no_white_space() {
    assertEquals(
        "{\"a\":[1.50,\"x\"],\"b\":null}",
        Json.write(Json.parse(" { \"a\" : [ 1.50 , \"x\" ] , \"b\" : null } ")));
  }

  @Test
  void escapes_are_replaced() {
    assertEquals(
        new JsonString("\"\\/\b\f\n\r\té\uD83D\uDE00"),
        Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\uD83D\\ude00\""));
  }

  @Test
  void a_tree_that_is_too_deep_is_not_written() {
    JsonValue tree = new JsonNull();
    for (int depth = 0; depth < 100_000; depth++) {
      tree = new JsonArray(List.of(tree));
    }
    var deepest = tree;

    assertThrows(IllegalArgumentException.class, () -> Json.write(deepest));
  }
}
