package dev.quern.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what was typed after a command. `--name value` and `--name=value` are the same; `--` ends
/// the options; `-` is an operand.
final class Parser {
  private final Command command;
  private final Deque<String> rest;
  private final Map<String, List<Object>> values = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Parser(Command command, List<String> words) {
    this.command = command;
    rest = new ArrayDeque<>(words);
  }

  /// Reads `words`, the command's name not among them.
  ///
  /// @throws UsageException if they do not fit the command
  static Arguments parse(Command command, List<String> words) {
    return new Parser(command, words).parse();
  }

  private Arguments parse() {
    while (!rest.isEmpty()) {
      word(rest.remove());
    }
    if (!values.containsKey(Common.HELP.name())) {
      checkOperands();
    }
    return new Arguments(command, Map.copyOf(values), List.copyOf(operands));
  }

  private void word(String word) {
    if (word.equals("--")) {
      operands.addAll(rest);
      rest.clear();
    } else if (word.equals("-h")) {
      option("--help");
    } else if (word.startsWith("-") && word.length() > 1) {
      option(word);
    } else {
      operands.add(word);
    }
  }

  private void option(String word) {
    int equals = word.indexOf('=');
    String typed = equals < 0 ? word : word.substring(0, equals);
    Option<?> option = known(typed);
    if (equals < 0) {
      take(option);
    } else if (option.flag()) {
      throw new UsageException(
          option.dashed() + " takes no value: leave out " + word.substring(equals));
    } else {
      keep(option, option.value(word.substring(equals + 1)));
    }
  }

  private Option<?> known(String typed) {
    return command
        .options()
        .filter(option -> option.dashed().equals(typed))
        .findFirst()
        .orElseThrow(() -> unknown(typed));
  }

  private UsageException unknown(String typed) {
    if (Queues.OPTIONS.stream().anyMatch(option -> option.dashed().equals(typed))) {
      return new UsageException(
          Help.name(command) + " takes no " + typed + ": it works on a database here, see --db");
    }
    List<String> all = command.options().<String>map(Option::dashed).toList();
    return new UsageException(
        "unknown option "
            + typed
            + Nearest.hint(typed, all, "'" + Help.name(command) + " --help' lists them"));
  }

  private void take(Option<?> option) {
    switch (option.takes()) {
      case NONE -> keep(option, true);
      case PERHAPS -> takePerhaps(option);
      case ONE, MANY -> keep(option, option.value(next(option)));
    }
  }

  private void takePerhaps(Option<?> option) {
    if (!rest.isEmpty() && option.accepts(rest.peek())) {
      keep(option, option.value(rest.remove()));
    } else {
      keep(option);
    }
  }

  private String next(Option<?> option) {
    if (rest.isEmpty() || isOption(rest.peek())) {
      throw new UsageException(option.dashed() + " needs a value: " + option.usage());
    }
    return rest.remove();
  }

  private boolean isOption(String word) {
    return command.options().anyMatch(option -> option.dashed().equals(word));
  }

  private void keep(Option<?> option, Object... value) {
    if (values.containsKey(option.name())
        && option.takes() != Option.Takes.MANY
        && !option.flag()) {
      throw new UsageException(option.dashed() + " is given twice: give it once");
    }
    values.computeIfAbsent(option.name(), _ -> new ArrayList<>()).addAll(List.of(value));
  }

  private void checkOperands() {
    if (operands.size() < command.least()) {
      throw new UsageException("too few arguments: " + Help.usage(command));
    }
    if (operands.size() > command.most()) {
      throw new UsageException(
          "unexpected \"" + operands.get(command.most()) + "\": " + Help.usage(command));
    }
  }
}
