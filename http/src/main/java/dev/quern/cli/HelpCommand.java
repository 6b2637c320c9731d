package dev.quern.cli;

import java.util.Optional;

/// `quern help`.
final class HelpCommand {
  static final Command COMMAND =
      Command.named("help", "prints the help of a command, or of all")
          .operands("[COMMAND]", 0, 2)
          .example("quern help jobs")
          .does(HelpCommand::run);

  private HelpCommand() {}

  private static int run(Arguments arguments, Console console) {
    String name = String.join(" ", arguments.operands());
    if (!Commands.group(name).isEmpty()) {
      return Help.group(name, arguments.json(), console);
    }
    Optional<String> named = Optional.of(name).filter(words -> !words.isEmpty());
    return Help.print(named.map(Commands::get), arguments, console);
  }
}
