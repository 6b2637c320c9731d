package dev.quern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A whole command line: which command, and what was typed for it. Options of every command may
/// also stand before the command's name.
///
/// @param name the command's name, of one or two words, or empty
/// @param words everything else
record Invocation(String name, List<String> words) {

  /// The options with values that may stand before the name.
  private static final Set<String> WITH_VALUES =
      Stream.concat(Stream.of(Common.DB), Queues.OPTIONS.stream())
          .map(Option::dashed)
          .collect(Collectors.toSet());

  static Invocation of(List<String> typed) {
    checkCharacters(typed);
    Invocation first = new Invocation("", typed).withWord();
    return Commands.group(first.name).isEmpty() ? first : first.withWord();
  }

  /// With the next word that is no option as a word of the name, if there is one.
  private Invocation withWord() {
    int at = commandAt(words);
    if (at >= words.size()) {
      return this;
    }
    List<String> rest = new ArrayList<>(words.subList(0, at));
    rest.addAll(words.subList(at + 1, words.size()));
    return new Invocation((name + " " + words.get(at)).strip(), List.copyOf(rest));
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
      at += WITH_VALUES.contains(typed.get(at)) ? 2 : 1;
    }
    return at;
  }

  /// A word that begins the names of several commands is no command itself.
  private int group(Console console) {
    if (words.contains(Common.HELP.dashed()) || words.contains("-h")) {
      return Help.group(name, words.contains(Common.JSON.dashed()), console);
    }
    String prefix = name + " ";
    throw new UsageException(
        "quern %s needs one more word: %s"
            .formatted(
                name,
                Commands.group(name).stream()
                    .map(command -> command.name().substring(prefix.length()))
                    .collect(Collectors.joining(", "))));
  }

  /// Runs the command.
  ///
  /// @return the exit code
  int run(Console console) throws Exception {
    if (!Commands.group(name).isEmpty()) {
      return group(console);
    }
    Optional<Command> named = Optional.of(name).filter(it -> !it.isEmpty()).map(Commands::get);
    Command command = named.orElse(Commands.NONE);
    Arguments arguments = Parser.parse(command, words);
    return arguments.has(Common.HELP)
        ? Help.print(named, arguments, console)
        : command.action().run(arguments, console);
  }
}
