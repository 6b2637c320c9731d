package dev.quern.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobFilter;
import dev.quern.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTextTest {
  private static final int ROUNDS = 20_000;
  private static final Instant DAY = Instant.parse("2027-01-31T00:00:00Z");

  private final long seed = Long.getLong("quern.seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void terms_in_any_order_narrow_what_is_listed() {
    assertEquals(JobFilter.ALL, FilterText.read(""));
    assertEquals(JobFilter.ALL, FilterText.read("  "));
    assertEquals(
        JobFilter.ALL
            .state(JobState.FAILED)
            .kind("mail")
            .tag("a:b")
            .errorText("no \"such\" host\\"),
        FilterText.read(" error:\"no \\\"such\\\" host\\\\\"  tag:a:b kind:mail state:failed "));
  }

  @Test
  void states_kinds_and_ids_are_several_and_states_and_kinds_can_be_excluded() {
    assertEquals(
        JobFilter.ALL.states(JobState.FAILED, JobState.CANCELLED).kinds("a", "b,c", "d e"),
        FilterText.read("state:failed,cancelled kind:a,\"b,c\",\"d e\""));
    assertEquals(
        JobFilter.ALL.withoutStates(JobState.DONE).withoutKinds("a", "b"),
        FilterText.read("-kind:a,b -state:done"));
    assertEquals(
        JobFilter.ALL.state(JobState.FAILED), FilterText.read("-state:done state:done,failed"));
    assertEquals(JobFilter.ALL.ids(1, 22), FilterText.read("id:22,1"));
    assertEquals(
        JobFilter.ALL.dedupeKey("a,b").errorText("c,"), FilterText.read("key:a,b error:c,"));
  }

  @Test
  void times_of_creation_are_bounds() {
    var from = JobFilter.ALL.createdFrom(DAY);
    assertEquals(from, FilterText.read("created>=2027-01-31"));
    assertEquals(from, FilterText.read("created>=2027-01-31T02:00+02:00"));
    assertEquals(from, FilterText.read("created>2027-01-30T23:59:59.999Z"));
    assertEquals(
        from.createdBefore(DAY.plusMillis(1)),
        FilterText.read("created<=2027-01-31T00:00Z created>=2027-01-31"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state:odd|at position 6: ",
        "state:failed,odd|at position 13: ",
        "kind:a stat:failed|at position 7: there is no \"stat:\", but state:, ",
        "kind:a -tag:b|at position 7: there is no \"-tag:\"",
        "created:2027-01-31|at position 0: there is no \"created:\"",
        "kind>a|at position 0: there is no \"kind>\"",
        "kind:a kind:b|at position 7: \"kind:\" is there twice",
        "created>2027-01-31 created>=2027-01-31|at position 19: \"created>=\" is there twice",
        "created>=soon|at position 9: \"soon\" is no time such as 2027-01-31",
        "created>=1969-12-31|at position 0: at 1969-12-31T00:00:00Z: must be no earlier",
        "kind:|at position 5: expected a value",
        "kind:a,|at position 7: expected a value",
        "kind:,a|at position 5: expected a value",
        "kind:a failed|at position 7: expected a term",
        "kind:a -|at position 7: expected a term",
        "error:\"open|at position 6: the quote is not closed",
        "error:\"a\"b|at position 9: expected a space",
        "error:a\"b|at position 7: expected a space",
        "error:\"a\\n\"|at position 8: in quotes a backslash",
        "id:0|at position 3: \"0\" is no id",
        "id:1,x|at position 5: \"x\" is no id",
        "state:done -state:done|at position 11: no state is left",
      })
  void what_cannot_be_read_is_refused_with_its_position(String text, String message) {
    var refused = assertThrows(IllegalArgumentException.class, () -> FilterText.read(text));

    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
  }

  @Test
  void too_many_values_are_refused() {
    String many = IntStream.range(0, 21).mapToObj(i -> "k" + i).collect(Collectors.joining(","));
    for (String term : List.of("kind:", "-kind:")) {
      var refused =
          assertThrows(
              IllegalArgumentException.class, () -> FilterText.read("tag:a " + term + many));
      assertTrue(refused.getMessage().matches("at position 6: .* 21: .* 20"), refused.toString());
    }
  }

  @Test
  void what_is_written_is_read_again() {
    System.out.println("FilterTextTest: -Dquern.seed=" + seed);
    for (int i = 0; i < ROUNDS; i++) {
      JobFilter filter = filter();
      String text = FilterText.write(filter);
      assertEquals(filter, FilterText.read(text), text);
      assertEquals(text, FilterText.write(FilterText.read(text)));
    }
  }

  @Test
  void any_text_is_read_or_refused_with_a_position_inside_of_it() {
    System.out.println("FilterTextTest: -Dquern.seed=" + seed);
    Pattern position = Pattern.compile("at position (\\d+): .+", Pattern.DOTALL);
    int read = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String text = mutated(FilterText.write(filter()));
      try {
        FilterText.read(text);
        read++;
      } catch (IllegalArgumentException refused) {
        Matcher parts = position.matcher(refused.getMessage());
        assertTrue(parts.matches(), () -> text + refused);
        assertTrue(Integer.parseInt(parts.group(1)) <= text.length(), () -> text + refused);
      }
    }
    assertTrue(read > ROUNDS / 100 && read < ROUNDS, read + " of " + ROUNDS);
  }

  @Test
  void a_text_as_long_as_a_target_can_be_is_read() {
    String text = "\\\"".repeat(4_000);

    assertEquals(
        JobFilter.ALL.errorText("\"".repeat(4_000)), FilterText.read("error:\"" + text + "\""));
  }

  // ---- choices

  private JobFilter filter() {
    JobFilter filter = JobFilter.ALL;
    filter = maybe() ? filter.states(some(() -> state()).toArray(JobState[]::new)) : filter;
    filter = maybe() ? filter.kinds(some(this::text).toArray(String[]::new)) : filter;
    filter = maybe() ? filter.withoutKinds(some(this::text).toArray(String[]::new)) : filter;
    filter = maybe() ? filter.tag(text()) : filter;
    filter = maybe() ? filter.errorText(text()) : filter;
    filter = maybe() ? filter.dedupeKey(text()) : filter;
    filter = maybe() ? filter.ids(random.nextLong(1, 1L << 50), 1) : filter;
    filter = maybe() ? filter.createdFrom(time()) : filter;
    return maybe() ? filter.createdBefore(time()) : filter;
  }

  private boolean maybe() {
    return random.nextInt(3) == 0;
  }

  private <T> List<T> some(Supplier<T> value) {
    return IntStream.range(0, 1 + random.nextInt(4)).mapToObj(_ -> value.get()).toList();
  }

  private JobState state() {
    return JobState.values()[random.nextInt(JobState.values().length)];
  }

  private Instant time() {
    return Instant.ofEpochMilli(random.nextLong(1L << 42));
  }

  /// A text of what is special in the grammar, and of what is not.
  private String text() {
    String letters = "ab:,\"\\ <>=-\n\té🙂";
    int[] points = letters.codePoints().toArray();
    return IntStream.range(0, random.nextInt(7))
        .map(_ -> points[random.nextInt(points.length)])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private String mutated(String text) {
    StringBuilder mutated = new StringBuilder(text);
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      int at = random.nextInt(mutated.length() + 1);
      if (random.nextBoolean() && at < mutated.length()) {
        mutated.deleteCharAt(at);
      } else {
        mutated.insert(at, text());
      }
    }
    return mutated.toString();
  }
}
