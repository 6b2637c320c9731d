package dev.quern.cli;

/// `quern help`.
final class HelpCommand {
  static final Command COMMAND =
      Command.named("help", "prints the help of a command, or of all")
          .operands("[COMMAND]", 0, 1)
          .example("quern help jobs")
          .does(HelpCommand::run);

  private HelpCommand() {}

  private static int run(Arguments arguments, Console console) {
    return Help.print(arguments.perhaps(0).map(Commands::get), arguments, console);
  }
}
