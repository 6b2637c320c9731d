package dev.quern.cli;

import dev.quern.json.JsonWriter;
import dev.quern.wire.Members;
import java.util.stream.Stream;

/// What `--help --json` prints, made from the table of commands as [Help] is.
final class HelpJson {
  private HelpJson() {}

  /// All commands in short, and the options that each of them takes.
  static void all(JsonWriter json) {
    json.beginObject();
    new Members(json).text("name", "quern").text("summary", Help.SUMMARY).text("usage", Help.USAGE);
    commands(Commands.all(), json);
    options(Stream.concat(Commands.NONE.own().stream(), Common.OPTIONS.stream()), json);
    json.endObject();
  }

  /// The commands that begin with a word.
  static void group(String word, JsonWriter json) {
    json.beginObject();
    new Members(json).text("name", word);
    commands(Commands.group(word).stream(), json);
    json.endObject();
  }

  private static void commands(Stream<Command> commands, JsonWriter json) {
    json.name("commands").beginArray();
    commands.forEach(command -> {
      json.beginObject();
      inShort(command, new Members(json));
      json.endObject();
    });
    json.endArray();
  }

  /// One command.
  static void of(Command command, JsonWriter json) {
    json.beginObject();
    Members members = inShort(command, new Members(json));
    members.text("details", command.details().strip());
    options(command.options(), json);
    members.texts("examples", command.examples());
    json.endObject();
  }

  private static Members inShort(Command command, Members members) {
    return members
        .text("name", command.name())
        .text("summary", command.summary())
        .text("usage", Help.usage(command));
  }

  private static void options(Stream<Option<?>> options, JsonWriter json) {
    json.name("options").beginArray();
    options.forEach(option -> {
      json.beginObject();
      option(option, new Members(json));
      json.endObject();
    });
    json.endArray();
  }

  private static void option(Option<?> option, Members members) {
    members
        .text("name", option.dashed())
        .text("argument", option.argument())
        .text("default", option.fallback())
        .text("description", option.help());
  }
}
