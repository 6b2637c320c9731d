package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class TextTest {
  @Test
  void text_on_one_line_cannot_command_a_terminal() {
    assertEquals("a b c\uFFFD[31mred", Text.oneLine("a\tb\nc\u001b[31mred"));
    assertEquals("日本 é 🙂", Text.oneLine("日本 é 🙂"));
  }

  @Test
  void wide_letters_take_two_columns_and_accents_none() {
    assertEquals(4, Text.width("日本"));
    assertEquals(1, Text.width("e\u0301"));
    assertEquals(2, Text.width("🙂"));
  }

  @Test
  void text_is_cut_to_columns_and_not_within_a_letter() {
    assertEquals("abc", Text.cut("abc", 3));
    assertEquals("ab…", Text.cut("abcd", 3));
    assertEquals("日…", Text.cut("日本語", 4));
    assertEquals("🙂…", Text.cut("🙂🙂", 3));
  }

  @Test
  void bytes_have_the_unit_that_fits() {
    assertEquals("0 B", Text.bytes(0));
    assertEquals("1023 B", Text.bytes(1023));
    assertEquals("1.0 KiB", Text.bytes(1024));
    assertEquals("1.5 MiB", Text.bytes(3 << 19));
    assertEquals("8.0 EiB", Text.bytes(Long.MAX_VALUE));
  }

  @Test
  void a_table_on_a_pipe_is_whole_and_has_no_head() {
    Table table = new Table("ID", "TEXT");
    table.row(1, "a\tb\nc");
    table.row(20, "x".repeat(200));

    assertEquals("1\ta b c\n20\t" + "x".repeat(200) + "\n", table.tabbed());
  }

  @Test
  void a_table_on_a_terminal_is_aligned_and_cut() {
    Table table = new Table("ID", "TEXT");
    table.row(1, "日本");
    table.row(20, "x".repeat(200));

    assertEquals(
        """
        ID  TEXT
         1  日本
        20  xxxxx…
        """,
        table.aligned(10, UnaryOperator.identity()));
  }

  @Test
  void a_row_has_a_cell_for_each_column() {
    assertThrows(IllegalArgumentException.class, () -> new Table("A", "B").row("a"));
  }

  @Test
  void times_are_relative_for_people_and_exact_for_programs() {
    Instant now = Instant.parse("2027-01-31T09:00:00Z");
    When people = new When(now, true);

    assertEquals("now", people.brief(now.minusMillis(300)));
    assertEquals("12 s ago", people.brief(now.minusSeconds(12)));
    assertEquals("in 5 min", people.brief(now.plusSeconds(301)));
    assertEquals("3 h ago", people.brief(now.minusSeconds(3 * 3600)));
    assertEquals("2 d ago", people.brief(now.minusSeconds(49 * 3600)));
    assertEquals("2027-01-31T08:59:59.500Z", new When(now, false).brief(now.minusMillis(500)));
  }

  @Test
  void a_duration_for_people_has_two_units_at_most() {
    assertEquals("250 ms", When.lasted(Duration.ofMillis(250)));
    assertEquals("1.2 s", When.lasted(Duration.ofMillis(1_290)));
    assertEquals("30 s", When.lasted(Duration.ofSeconds(30)));
    assertEquals("3 min 4 s", When.lasted(Duration.ofSeconds(184)));
    assertEquals("2 h", When.lasted(Duration.ofHours(2)));
    assertEquals("3 d 4 h", When.lasted(Duration.ofHours(76)));
  }
}
