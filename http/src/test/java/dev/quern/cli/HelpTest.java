package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
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
    Invocation typed = Invocation.of(words.subList(1, words.size()));

    assertEquals("quern", words.getFirst());
    Parser.parse(Commands.get(typed.name()), typed.words());
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

  @ParameterizedTest
  @MethodSource("commands")
  void with_json_the_help_of_a_command_is_json(Command command) {
    String help = shell.ok(command.name(), "--help", "--json").out();

    JsonObject json = (JsonObject) Json.parse(help);
    assertEquals(1, help.lines().count());
    assertEquals(command.name(), text(json, "name"));
    assertEquals(command.summary(), text(json, "summary"));
    assertEquals(Help.usage(command), text(json, "usage"));
    assertEquals(command.details().strip(), text(json, "details"));
    assertEquals(command.options().map(HelpTest::inJson).toList(), list(json, "options").toList());
    assertEquals(
        command.examples(),
        list(json, "examples").map(example -> ((JsonString) example).value()).toList());
    assertEquals(help, shell.ok("help", command.name(), "--json").out());
    assertEquals(help, shell.ok("--json", "--help", command.name()).out());
  }

  /// An option as the help should tell of it.
  private static JsonValue inJson(Option<?> option) {
    String json =
        """
        {"name": "--%s", "argument": %s, "default": %s, "description": %s}\
        """
            .formatted(
                option.name(),
                option.flag() ? "null" : quoted(option.usage().replaceAll("^\\S+ ", "")),
                option.fallback().map(HelpTest::quoted).orElse("null"),
                quoted(option.help()));
    return Json.parse(json);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    Json.quote(text, quoted);
    return quoted.toString();
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).map(value -> ((JsonString) value).value()).orElseThrow();
  }

  private static Stream<JsonValue> list(JsonObject object, String name) {
    return object.get(name).map(value -> ((JsonArray) value).elements().stream()).orElseThrow();
  }

  @Test
  void with_json_the_help_of_all_lists_every_command() {
    String help = shell.ok("--json").out();

    JsonObject json = (JsonObject) Json.parse(help);
    assertEquals(1, help.lines().count());
    assertEquals("quern COMMAND [options]", text(json, "usage"));
    assertEquals(
        Commands.all().map(c -> List.of(c.name(), c.summary(), Help.usage(c))).toList(),
        list(json, "commands")
            .map(JsonObject.class::cast)
            .map(c -> List.of(text(c, "name"), text(c, "summary"), text(c, "usage")))
            .toList());
    assertEquals(
        List.of("--version", "--db", "--json", "--help"),
        list(json, "options").map(option -> text((JsonObject) option, "name")).toList());
    assertEquals(help, shell.ok("help", "--json").out());
    assertEquals(help, shell.ok("--help", "--json").out());
  }

  @Test
  void the_help_of_run_names_the_limit_of_a_line() {
    assertTrue(shell.ok("run", "--help").out().contains("at\nmost 131,071 bytes"));
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
