package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {

  private final StringBuilder text = new StringBuilder();
  private final JsonWriter out = new JsonWriter(text);

  @Test
  void all_kinds_of_values_are_written_in_order() {
    out.beginObject();
    out.name("array").beginArray().value(1).value(-2.5).value(0.5f).value("x").endArray();
    out.name("empty").beginObject().endObject();
    out.name("none").beginArray().endArray();
    out.name("decimal").value(new BigDecimal("1.10"));
    out.name("yes").value(true).name("null").nullValue();
    out.endObject();

    assertEquals(
        """
        {"array":[1,-2.5,0.5,"x"],"empty":{},"none":[],"decimal":1.10,"yes":true,"null":null}\
        """,
        text.toString());
  }

  @Test
  void strings_are_escaped_where_json_demands_it_and_at_line_separators() {
    assertEquals(
        "\"\\\" \\\\ / \\b\\f\\n\\r\\t \\u0001\\u001f \u007F é \uD83D\uDE00 \\u2028\\u2029"
            + " \uFEFF\"",
        Json.quote("\" \\ / \b\f\n\r\t \u0001\u001F \u007F é \uD83D\uDE00 \u2028\u2029 \uFEFF"));
  }

  @Test
  void names_are_escaped_like_strings() {
    out.beginObject().name("a\"b").value(1).endObject();

    assertEquals("{\"a\\\"b\":1}", text.toString());
  }

  @Test
  void json_text_goes_in_as_it_is() {
    out.beginArray().json("{\"a\": 1.0}").json(" 2").endArray();

    assertEquals("[{\"a\": 1.0}, 2]", text.toString());
  }

  @Test
  void json_text_that_is_not_json_is_refused() {
    out.beginArray();

    assertThrows(JsonException.class, () -> out.json("1,2"));
  }

  @Test
  void json_text_counts_its_depth_by_itself() {
    String deepest = "[".repeat(64) + "]".repeat(64);
    var text = new StringBuilder();

    new JsonWriter(text).beginArray().json(deepest).json(" 1").endArray();

    assertEquals("[" + deepest + ", 1]", text.toString());
    var out = new JsonWriter(new StringBuilder());
    assertThrows(JsonException.class, () -> out.json("[" + deepest + "]"));
  }

  @Test
  void nesting_ends_at_64() {
    for (int depth = 0; depth < 64; depth++) {
      out.beginArray();
    }

    var refusal = assertThrows(IllegalArgumentException.class, out::beginObject);

    assertEquals("nested deeper than 64", refusal.getMessage());
  }

  @Test
  void half_a_surrogate_pair_is_refused() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> Json.quote("ab\uD83Dc"));

    assertEquals(
        "a string has half a surrogate pair (U+D83D) at 2: not possible in JSON",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uDE00", "\uD83D", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"})
  void no_form_of_half_a_pair_is_written(String half) {
    assertThrows(IllegalArgumentException.class, () -> Json.quote(half));
  }

  @Test
  void nul_is_refused() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> Json.quote("a\u0000"));

    assertEquals("a string has NUL at 1: not possible in JSON", refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void what_is_not_a_number_is_refused(double value) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out.value(value));

    assertEquals(value + ": not possible in JSON", refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> out.value((float) value));
  }

  @Test
  void decimals_beyond_the_limits_are_refused() {
    assertThrows(JsonException.class, () -> out.value(new BigDecimal("1e1000")));
    assertThrows(JsonException.class, () -> out.value(new BigDecimal("9".repeat(101))));
  }

  @Test
  void a_value_in_an_object_needs_a_name() {
    assertMisuse("a value in an object needs a name", w -> w.beginObject().value(1));
  }

  @Test
  void a_name_needs_a_value() {
    assertMisuse("no name is possible here", w -> w.beginObject().name("a").name("b"));
    assertMisuse("no object to end here", w -> w.beginObject().name("a").endObject());
  }

  @Test
  void names_stand_in_objects_only() {
    assertMisuse("no name is possible here", w -> w.name("a"));
    assertMisuse("no name is possible here", w -> w.beginArray().name("a"));
  }

  @Test
  void what_ends_is_what_was_begun_last() {
    assertMisuse("no object to end here", JsonWriter::endObject);
    assertMisuse("no array to end here", JsonWriter::endArray);
    assertMisuse("no object to end here", w -> w.beginArray().endObject());
    assertMisuse("no array to end here", w -> w.beginObject().endArray());
    assertMisuse("no array to end here", w -> w.beginArray().beginObject().endArray());
  }

  @Test
  void a_text_has_one_value() {
    assertMisuse("the text has its value already", w -> w.value(1).value(2));
    assertMisuse("the text has its value already", w -> w.beginArray().endArray().beginArray());
  }

  @Test
  void any_appendable_gets_all_of_the_text() {
    var sink = new StringWriter();
    var numbers = new JsonWriter(sink).beginArray();
    for (int i = 0; i < 10_000; i++) {
      numbers.value(i);
    }
    numbers.endArray();

    assertEquals(10_000, ((JsonArray) Json.parse(sink.toString())).elements().size());
  }

  @Test
  void the_exception_of_an_appendable_comes_out_unchecked() {
    var sink = new JsonWriter(new FullDisk());

    assertThrows(UncheckedIOException.class, () -> sink.value(1));
  }

  private static void assertMisuse(String message, Consumer<JsonWriter> calls) {
    var writer = new JsonWriter(new StringBuilder());
    var misuse = assertThrows(IllegalStateException.class, () -> calls.accept(writer));
    assertEquals(message, misuse.getMessage());
  }

  private static final class FullDisk extends Writer {

    @Override
    public void write(char[] chars, int offset, int length) throws IOException {
      throw new IOException("no space left");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
