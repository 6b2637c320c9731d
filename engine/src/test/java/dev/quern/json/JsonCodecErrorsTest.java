package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonCodecErrorsTest {

  private final JsonCodec codec = new JsonCodec();

  record Item(String sku, double price, int count) {}

  record Order(List<Item> items, Map<String, Item> named, Item[] array) {}

  static Stream<Arguments> mismatches() {
    return Stream.of(
        arguments("1", String.class, "a string but found 1"),
        arguments("\"ab\"", char.class, "one character but found \"ab\""),
        arguments("\"true\"", boolean.class, "true or false but found \"true\""),
        arguments("\"1\"", int.class, "a whole number but found \"1\""),
        arguments("1.5", int.class, "a whole number from -2147483648 to 2147483647 but found 1.5"),
        arguments(
            "2147483648",
            int.class,
            "a whole number from -2147483648 to 2147483647 but found 2147483648"),
        arguments("128", byte.class, "a whole number from -128 to 127 but found 128"),
        arguments("-32769", short.class, "a whole number from -32768 to 32767 but found -32769"),
        arguments(
            "1e400",
            long.class,
            "a whole number from -9223372036854775808 to 9223372036854775807 but found 1e400"),
        arguments("1e309", double.class, "a double but found 1e309"),
        arguments("1e39", float.class, "a float but found 1e39"),
        arguments("\"1\"", double.class, "a number but found \"1\""),
        arguments("[]", BigDecimal.class, "a number but found an array"),
        arguments("1.5", BigInteger.class, "a whole number but found 1.5"),
        arguments(
            "\"monday\"", DayOfWeek.class, "a name of the enum DayOfWeek but found \"monday\""),
        arguments("1", DayOfWeek.class, "a name of the enum DayOfWeek but found 1"),
        arguments("\"1-1-1-1-1\"", UUID.class, "a UUID but found \"1-1-1-1-1\""),
        arguments("\"a b\"", URI.class, "a URI but found \"a b\""),
        arguments(
            "\"yesterday\"", Instant.class, "ISO-8601 text of an instant but found \"yesterday\""),
        arguments("1767225600", Instant.class, "ISO-8601 text of an instant but found 1767225600"),
        arguments("\"*\"", byte[].class, "base64 text but found \"*\""),
        arguments("7", byte[].class, "base64 text but found 7"),
        arguments("{}", int[].class, "an array but found an object"),
        arguments("{}", List.class, "an array but found an object"),
        arguments("[]", Map.class, "an object but found an array"),
        arguments("true", Item.class, "an object but found true"),
        arguments("false", Runnables.class, "an object but found false"),
        arguments("[]", JsonObject.class, "a JsonObject but found an array"));
  }

  sealed interface Runnables {}

  record Walk() implements Runnables {}

  @ParameterizedTest
  @MethodSource("mismatches")
  void a_mismatch_says_what_was_expected_and_what_was_found(
      String json, Class<?> type, String message) {
    assertDecodeFails("$: expected " + message, json, type);
  }

  @Test
  void the_path_leads_to_the_mismatch() {
    assertDecodeFails(
        "$.items[1].price: expected a number but found \"abc\"",
        "{\"items\":[{\"price\":1,\"count\":1},{\"price\":\"abc\"}]}",
        Order.class);
    assertDecodeFails(
        "$.array[0].count: null is not possible for the primitive type int",
        "{\"array\":[{\"price\":1,\"count\":null}]}",
        Order.class);
    assertDecodeFails(
        "$.named[\"a b\"].sku: expected a string but found 1",
        "{\"named\":{\"a b\":{\"sku\":1}}}",
        Order.class);
  }

  @Test
  void a_missing_primitive_is_an_error() {
    assertDecodeFails(
        "$.count: missing, and the primitive type int has no null",
        "{\"sku\":\"a\",\"price\":1}",
        Item.class);
  }

  @Test
  void null_in_an_array_of_primitives_is_an_error() {
    assertDecodeFails(
        "$[1]: null is not possible for the primitive type int", "[1,null]", int[].class);
  }

  @Test
  void long_texts_are_cut_in_messages() {
    assertDecodeFails(
        "$: expected a whole number but found \"" + "x".repeat(40) + "…\"",
        Json.quote("x".repeat(1000)),
        int.class);
  }

  @Test
  void messages_have_no_control_characters() {
    assertDecodeFails(
        "$: expected a whole number but found \"a\uFFFDb\"", "\"a\\u0007b\"", int.class);
  }

  @Test
  void a_text_that_is_not_json_names_the_position() {
    var refusal = assertThrows(JsonException.class, () -> codec.decode("{\"a\"", Item.class));

    assertEquals(4, refusal.position());
  }

  record Percent(int value) {

    Percent {
      if (value < 0 || value > 100) {
        throw new IllegalArgumentException(value + " %: must be between 0 and 100");
      }
    }
  }

  record Name(String text) {

    Name {
      Objects.requireNonNull(text, "text");
    }
  }

  record Person(Name name, List<Percent> shares) {}

  @Test
  void what_a_constructor_refuses_is_refused_with_the_path() {
    var refusal =
        assertDecodeFails(
            "$.shares[1]: 101 %: must be between 0 and 100",
            "{\"shares\":[{\"value\":1},{\"value\":101}]}", Person.class);

    assertEquals("101 %: must be between 0 and 100", refusal.getCause().getMessage());
  }

  @Test
  void any_exception_of_a_constructor_names_the_path() {
    var refusal =
        assertDecodeFails(
            "$.name: java.lang.NullPointerException: text", "{\"name\":{}}", Person.class);

    assertInstanceOf(NullPointerException.class, refusal.getCause());
  }

  @Test
  void an_error_of_a_constructor_passes_through() {
    var error = assertThrows(AssertionError.class, () -> codec.decode("{}", Broken.class));

    assertSame(Broken.ERROR, error);
  }

  record Broken() {

    static final AssertionError ERROR = new AssertionError();

    Broken {
      throw ERROR;
    }
  }

  record Upload(String name, InputStream body) {}

  record Outer(List<Upload> streams) {}

  @Test
  void a_type_without_form_is_named_with_its_component() {
    assertEncodeFails(
        "$: component streams of record %s: component body of record %s: no JSON form for %s: use a"
                .formatted(
                    Outer.class.getName(), Upload.class.getName(), InputStream.class.getName())
            + " record, or another type that JsonCodec lists",
        new Outer(List.of()));
  }

  @Test
  void a_value_without_form_is_named() {
    assertEncodeFails(
        "$[0]: no JSON form for java.lang.Thread: use a record, or another type that JsonCodec"
            + " lists",
        List.of(new Thread()));
    assertEncodeFails("$: no JSON form for an Object that is nothing else", new Object());
  }

  record Strange(Map<Item, String> map) {}

  @Test
  void keys_must_be_strings_or_numbers() {
    assertEncodeFails(
        "$: component map of record %s: no JSON form for java.util.Map<%s, java.lang.String>: its"
                .formatted(Strange.class.getName(), Item.class.getName())
            + " keys are neither strings nor numbers in JSON",
        new Strange(Map.of()));
    assertEncodeFails("$: no JSON form for a key of " + Percent.class, Map.of(new Percent(1), "x"));
  }

  @Test
  void keys_must_not_be_null() {
    assertEncodeFails("$: null is not possible as a key", Collections.singletonMap(null, 1));
  }

  @Test
  void keys_must_have_different_names() {
    var map = new LinkedHashMap<Object, Integer>(Map.of(1, 1));
    map.put("1", 2);

    assertEncodeFails("$.1: two keys with this name", map);
  }

  record Sizes(Map<Double, String> sizes) {}

  record Days(Map<DayOfWeek, Integer> days) {}

  @Test
  void names_must_stand_for_different_keys() {
    assertDecodeFails(
        "$.sizes[\"1.0\"]: another name stands for the same key",
        "{\"sizes\":{\"1\":\"a\",\"1.0\":\"b\"}}",
        Sizes.class);
  }

  @Test
  void names_must_be_keys() {
    assertDecodeFails(
        "$.sizes.x: expected a number but found \"x\"", "{\"sizes\":{\"x\":\"a\"}}", Sizes.class);
    assertDecodeFails(
        "$.days.DOOMSDAY: expected a name of the enum DayOfWeek but found \"DOOMSDAY\"",
        "{\"days\":{\"DOOMSDAY\":1}}",
        Days.class);
  }

  record Unusual(PriorityQueue<String> queue, EnumMap<DayOfWeek, String> map) {}

  @Test
  void collections_that_cannot_be_made_say_what_to_use() {
    assertDecodeFails(
        "$.queue: cannot make a java.util.PriorityQueue<java.lang.String>: use List or Set",
        "{\"queue\":[]}",
        Unusual.class);
    assertDecodeFails(
        "$.map: cannot make a java.util.EnumMap<java.time.DayOfWeek, java.lang.String>: use Map",
        "{\"map\":{}}",
        Unusual.class);
  }

  record Sorted(TreeSet<String> texts) {}

  @Test
  void a_sorted_set_refuses_null() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> codec.decode("{\"texts\":[\"a\",null]}", Sorted.class));

    assertEquals(
        "$.texts: cannot make a java.util.TreeSet<java.lang.String>",
        refusal.getMessage().substring(0, 58));
  }

  record Chain(Chain next) {}

  @Test
  void nesting_ends_at_64_on_encode() {
    Chain chain = null;
    for (int length = 0; length < 65; length++) {
      chain = new Chain(chain);
    }

    assertEncodeFails(
        "$.next.next.next.next.next.next … .next.next.next.next.next.next: nested deeper than 64",
        chain);
    codec.encode(chain.next());
  }

  @Test
  void a_cycle_is_an_error() {
    var list = new ArrayList<Object>();
    list.add(list);
    var map = new HashMap<String, Object>();
    map.put("self", Arrays.asList(map));

    assertEncodeFails("$[0][0][0][0][0][0] … [0][0][0][0][0][0]: nested deeper than 64", list);
    assertEncodeFails(
        "$.self[0].self[0].self[0] … .self[0].self[0].self[0]: nested deeper than 64", map);
  }

  record Growing<T>(T value, Growing<List<T>> next) {}

  @Test
  void a_type_that_grows_without_end_is_an_error() {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> codec.encode(new Growing<>("x", null)));

    assertEquals(
        "types nested deeper than 64",
        refusal.getMessage().substring(refusal.getMessage().length() - 27));
  }

  @Test
  void values_that_json_cannot_carry_name_the_path() {
    assertEncodeFails("$.price: NaN: not possible in JSON", new Item("a", Double.NaN, 1));
    assertEncodeFails(
        "$.sku: a string has half a surrogate pair (U+D800) at 0: not possible in JSON",
        new Item("\uD800", 1, 1));
    assertEncodeFails(
        "$[\"a\uFFFD\"]: a string has NUL at 1: not possible in JSON", Map.of("a\u0000", 1));
  }

  @Test
  void numbers_beyond_the_limits_name_the_path() {
    assertEncodeFails(
        "$[0]: JSON refused: an exponent over 999 at position 1",
        List.of(new BigDecimal("1e1000")));
  }

  private void assertEncodeFails(String message, Object value) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> codec.encode(value));
    assertEquals(message, refusal.getMessage());
  }

  private IllegalArgumentException assertDecodeFails(String message, String json, Class<?> type) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> codec.decode(json, type));
    assertEquals(message, refusal.getMessage());
    return refusal;
  }
}
