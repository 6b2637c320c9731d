package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HelpTest {
  private final Shell shell = new Shell(Path.of("/nowhere/quern.db"));

  static Stream<Command> commands() {
    return Commands.all();
  }

  static Stream<String> examples() {
    return Commands.all().flatMap(command -> command.examples().stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void every_command_has_an_example(Command command) {
    assertFalse(command.examples().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_example_is_understood(String example) {
    String own = example.replaceAll("^.*\\| quern ", "quern ").replaceAll(" [<|>] .*$", "");
    List<String> words = Shell.split(own);

    assertEquals("quern", words.getFirst());
    Parser.parse(Commands.get(words.get(1)), words.subList(2, words.size()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void the_help_of_a_command_names_each_of_its_options(Command command) {
    String help = shell.ok(command.name(), "--help").out();

    command.options().forEach(option -> assertTrue(help.contains(option.usage()), option.name()));
    assertTrue(help.contains(command.summary()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void defaults_in_the_table_are_valid(Command command) {
    command
        .options()
        .forEach(option -> option.fallback().ifPresent(text -> assertTrue(option.accepts(text))));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void names_of_options_are_unique(Command command) {
    List<String> names = command.options().<String>map(Option::name).toList();

    assertEquals(names.stream().distinct().toList(), names);
  }

  @Test
  void the_help_of_all_names_every_command() {
    String help = shell.ok("--help").out();

    Commands.all().forEach(command -> assertTrue(help.contains("  " + command.name() + "  ")));
    assertEquals(help, shell.ok().out());
    assertEquals(help, shell.ok("help").out());
  }

  @Test
  void help_of_a_command_can_be_asked_for_in_three_ways() {
    String help = shell.ok("jobs", "--help").out();

    assertEquals(help, shell.ok("help", "jobs").out());
    assertEquals(help, shell.ok("--help", "jobs").out());
  }

  @Test
  void lines_of_help_fit_a_terminal() {
    Stream.concat(Stream.of(Help.all()), Commands.all().map(Help::of))
        .flatMap(String::lines)
        .forEach(line -> assertTrue(line.length() <= 110, line));
  }

  @Test
  void the_version_is_told_in_two_ways() {
    assertTrue(shell.ok("--version").out().startsWith("quern "));
    assertEquals(shell.ok("--version").out(), shell.ok("version").out());
    assertTrue(shell.ok("version", "--json").out().startsWith("{\"version\":\""));
  }

  @Test
  void an_unknown_command_gets_the_nearest_valid_one() {
    assertEquals("quern: unknown command jbos: did you mean jobs?\n", shell.run("jbos").err());
    assertEquals(Exit.USAGE, shell.run("jbos").exit());
    assertEquals(Exit.USAGE, shell.run("help", "jbos").exit());
  }

  @Test
  void an_unknown_option_without_a_command_is_refused() {
    assertEquals("quern: unknown option -x: 'quern --help' lists them\n", shell.run("-x").err());
  }

  @Test
  void an_option_before_the_command_belongs_to_it() {
    assertEquals(
        "quern: no database /nowhere/else.db: name one with --db, or create one with 'quern run' or"
            + " 'quern enqueue'\n",
        shell.run("--db", "/nowhere/else.db", "jobs").err());
  }
}
