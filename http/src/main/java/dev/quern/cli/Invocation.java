package dev.quern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A whole command line: which command, and what was typed for it. Options of every command may
/// also stand before the command's name.
///
/// @param name the command's name, or empty
/// @param words everything else
record Invocation(String name, List<String> words) {

  static Invocation of(List<String> typed) {
    checkCharacters(typed);
    int at = commandAt(typed);
    if (at >= typed.size()) {
      return new Invocation("", typed);
    }
    List<String> words = new ArrayList<>(typed.subList(0, at));
    words.addAll(typed.subList(at + 1, typed.size()));
    return new Invocation(typed.get(at), List.copyOf(words));
  }

  /// Java reads arguments in the charset of the locale, and what it cannot read is lost.
  private static void checkCharacters(List<String> typed) {
    for (String word : typed) {
      if (word.indexOf('\uFFFD') >= 0) {
        throw new UsageException(
            "an argument was not readable in this locale: use a UTF-8 locale (LC_ALL=C.UTF-8), or"
                + " standard input");
      }
    }
  }

  private static int commandAt(List<String> typed) {
    int at = 0;
    while (at < typed.size() && typed.get(at).startsWith("-")) {
      at += typed.get(at).equals(Common.DB.dashed()) ? 2 : 1;
    }
    return at;
  }

  /// Runs the command.
  ///
  /// @return the exit code
  int run(Console console) throws Exception {
    Optional<Command> named = Optional.of(name).filter(it -> !it.isEmpty()).map(Commands::get);
    Command command = named.orElse(Commands.NONE);
    Arguments arguments = Parser.parse(command, words);
    return arguments.has(Common.HELP)
        ? Help.print(named, arguments, console)
        : command.action().run(arguments, console);
  }
}
