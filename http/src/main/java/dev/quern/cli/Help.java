package dev.quern.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The texts of `--help`, made from the table of commands.
final class Help {
  /// What Quern is.
  static final String SUMMARY = "a durable job queue in one file";

  /// How any command is typed.
  static final String USAGE = "quern COMMAND [options]";

  private static final int USAGE_WIDTH = 100;

  private Help() {}

  /// Prints the help of a command, or of all, as text or as JSON.
  ///
  /// @return the exit code
  static int print(Optional<Command> command, Arguments arguments, Console console) {
    if (arguments.json()) {
      console.json(
          json -> command.ifPresentOrElse(one -> HelpJson.of(one, json), () -> HelpJson.all(json)));
    } else {
      console.print(command.map(Help::of).orElseGet(Help::all));
    }
    return Exit.OK;
  }

  /// What is typed to run a command, without anything that follows.
  static String name(Command command) {
    return ("quern " + command.name()).stripTrailing();
  }

  /// How a command is typed, in one line.
  static String usage(Command command) {
    String start = (name(command) + " " + command.operands()).stripTrailing();
    String options =
        command.own().stream().map(o -> " [" + o.usage() + "]").collect(Collectors.joining());
    return (start + options).length() <= USAGE_WIDTH ? start + options : start + " [options]";
  }

  /// All commands.
  static String all() {
    StringBuilder text = new StringBuilder("Quern is " + SUMMARY + ".\n\nUsage: " + USAGE + "\n");
    for (Commands.Section section : Commands.SECTIONS) {
      text.append("\n").append(section.title()).append(":\n");
      text.append(summaries(section.commands()));
    }
    text.append("\nEvery command takes:\n").append(options(Common.OPTIONS.stream()));
    text.append("\nThose of jobs, kinds and access, enqueue and stats take too:\n")
        .append(options(Queues.OPTIONS.stream()));
    return text.append(
            """

            'quern COMMAND --help' has the options and examples of a command.

            Environment: QUERN_DB names the database, QUERN_URL a server and QUERN_TOKEN the token
            for it, NO_COLOR turns colours off, QUERN_DEBUG=1 prints the stack trace of an error.
            Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 not possible in this state,
            7 time is up, 130 interrupted, 143 terminated.
            """)
        .toString();
  }

  private static String summaries(List<Command> commands) {
    return columns(commands.stream().map(command -> List.of(command.name(), command.summary())));
  }

  /// Prints the commands that begin with a word, as text or as JSON.
  ///
  /// @return the exit code
  static int group(String word, boolean json, Console console) {
    if (json) {
      console.json(out -> HelpJson.group(word, out));
    } else {
      console.print(
          "Usage: quern %s COMMAND [options]\n\n%s\n'quern %s COMMAND --help' has more.\n"
              .formatted(word, summaries(Commands.group(word)), word));
    }
    return Exit.OK;
  }

  /// One command.
  static String of(Command command) {
    StringBuilder text = new StringBuilder();
    text.append("quern ")
        .append(command.name())
        .append(": ")
        .append(command.summary())
        .append("\n\n");
    text.append("Usage: ").append(usage(command)).append("\n\n");
    if (!command.details().isEmpty()) {
      text.append(command.details().strip()).append("\n\n");
    }
    text.append("Options:\n").append(options(command.options()));
    text.append("\nExamples:\n");
    command.examples().forEach(example -> text.append("  ").append(example).append("\n"));
    return text.toString();
  }

  private static String options(Stream<Option<?>> options) {
    return columns(options.map(option -> List.of(option.usage(), help(option))));
  }

  private static String help(Option<?> option) {
    return option.help() + option.fallback().map(value -> " (default " + value + ")").orElse("");
  }

  private static String columns(Stream<List<String>> rows) {
    List<List<String>> all = rows.toList();
    int width = all.stream().mapToInt(row -> row.getFirst().length()).max().orElse(0);
    return all.stream()
        .map(row -> "  " + pad(row.getFirst(), width) + "  " + row.getLast() + "\n")
        .collect(Collectors.joining());
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
