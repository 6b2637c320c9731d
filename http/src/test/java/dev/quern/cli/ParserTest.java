package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ParserTest {
  private static final Option<Integer> JOBS = Option.count("jobs", "N", "").or("4");
  private static final Option<Duration> WAIT = Option.duration("wait", "D", "").perhaps();
  private static final Option<String> EXEC = Option.text("exec", "CMD", "").repeated();
  private static final Option<Boolean> DRAIN = Option.flag("drain", "");
  private static final Command COMMAND =
      Command.named("try", "").operands("A [B]", 1, 2).options(JOBS, WAIT, EXEC, DRAIN);

  private static Arguments parse(String... words) {
    return Parser.parse(COMMAND, List.of(words));
  }

  private static String refusal(String... words) {
    return assertThrows(UsageException.class, () -> parse(words)).getMessage();
  }

  @Test
  void a_value_may_follow_its_option_or_an_equals_sign() {
    assertEquals(8, parse("a", "--jobs", "8").value(JOBS));
    assertEquals(8, parse("a", "--jobs=8").value(JOBS));
  }

  @Test
  void an_option_that_is_not_given_has_its_default() {
    assertEquals(4, parse("a").value(JOBS));
    assertFalse(parse("a").has(JOBS));
  }

  @Test
  void an_option_may_be_given_without_its_value_where_it_says_so() {
    assertTrue(parse("a", "--wait").has(WAIT));
    assertTrue(parse("a", "--wait").get(WAIT).isEmpty());
    assertEquals(Duration.ofSeconds(3), parse("--wait", "3s", "a").get(WAIT).orElseThrow());
    assertEquals(List.of("a"), parse("--wait", "a").operands());
  }

  @Test
  void a_repeated_option_keeps_all_its_values_in_order() {
    assertEquals(List.of("x", "y"), parse("a", "--exec", "x", "--exec=y").all(EXEC));
  }

  @Test
  void two_dashes_end_the_options() {
    assertEquals(List.of("--drain", "-x"), parse("--", "--drain", "-x").operands());
  }

  @Test
  void a_dash_alone_is_an_operand() {
    assertEquals(List.of("-"), parse("-").operands());
  }

  @Test
  void a_value_may_begin_with_a_dash() {
    assertEquals(List.of("-x"), parse("a", "--exec", "-x").all(EXEC));
  }

  @Test
  void an_unknown_option_gets_the_nearest_valid_one() {
    assertEquals("unknown option --jbos: did you mean --jobs?", refusal("a", "--jbos", "3"));
    assertEquals("unknown option --job: did you mean --jobs?", refusal("a", "--job=3"));
    assertEquals(
        "unknown option --frobnicate: 'quern try --help' lists them", refusal("a", "--frobnicate"));
    assertEquals("unknown option -j: 'quern try --help' lists them", refusal("a", "-j"));
  }

  @Test
  void a_value_that_does_not_fit_is_refused_with_its_option() {
    assertEquals(
        "--jobs: many is not a whole number within ±2,147,483,647", refusal("a", "--jobs", "many"));
    assertEquals("--jobs: 0 must be at least 1", refusal("a", "--jobs", "0"));
  }

  @Test
  void a_missing_value_is_noticed_at_the_end_and_before_another_option() {
    assertEquals("--jobs needs a value: --jobs N", refusal("a", "--jobs"));
    assertEquals("--jobs needs a value: --jobs N", refusal("a", "--jobs", "--drain"));
  }

  @Test
  void a_flag_takes_no_value() {
    assertEquals("--drain takes no value: leave out =yes", refusal("a", "--drain=yes"));
  }

  @Test
  void an_option_is_given_once() {
    assertEquals("--jobs is given twice: give it once", refusal("a", "--jobs=1", "--jobs=1"));
    assertEquals("--wait is given twice: give it once", refusal("a", "--wait", "--wait=1s"));
  }

  @Test
  void too_few_and_too_many_operands_are_refused_with_the_usage() {
    assertTrue(refusal().startsWith("too few arguments: quern try A [B]"));
    assertTrue(refusal("a", "b", "c").startsWith("unexpected \"c\": quern try A [B]"));
  }

  @Test
  void help_needs_no_operands() {
    assertTrue(parse("--help").has(Common.HELP));
    assertTrue(parse("-h").has(Common.HELP));
  }
}
