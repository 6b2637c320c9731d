package dev.quern.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The table of all commands, in the order of the help.
final class Commands {
  /// Commands under one title.
  record Section(String title, List<Command> commands) {}

  static final List<Section> SECTIONS =
      List.of(
          new Section(
              "Runs",
              List.of(
                  RunCommand.COMMAND,
                  ResultsCommand.COMMAND,
                  RunsCommand.COMMAND,
                  ForgetCommand.COMMAND)),
          new Section(
              "Work", List.of(EnqueueCommand.COMMAND, WorkCommand.COMMAND, ServeCommand.COMMAND)),
          new Section(
              "Jobs",
              List.of(
                  JobsCommand.COMMAND,
                  ShowCommand.COMMAND,
                  WhyCommand.COMMAND,
                  RetryCommand.COMMAND,
                  CancelCommand.COMMAND)),
          new Section(
              "Kinds", List.of(KindsCommand.COMMAND, PauseCommand.PAUSE, PauseCommand.RESUME)),
          new Section(
              "Access",
              List.of(
                  TokenCommand.CREATE,
                  TokenCommand.LIST,
                  TokenCommand.REVOKE,
                  TenantCommand.CREATE,
                  TenantCommand.LIST,
                  TenantCommand.SHOW,
                  TenantCommand.SUSPEND,
                  TenantCommand.RESUME)),
          new Section(
              "Database",
              List.of(StatsCommand.COMMAND, BackupCommand.COMMAND, DoctorCommand.COMMAND)),
          new Section("Other", List.of(HelpCommand.COMMAND, VersionCommand.COMMAND)));

  /// What is run when no command is named.
  static final Command NONE =
      Command.named("", "")
          .options(Option.flag("version", "print the version"))
          .does(Commands::withoutCommand);

  private Commands() {}

  private static int withoutCommand(Arguments arguments, Console console) {
    if (arguments.values().containsKey("version")) {
      return VersionCommand.run(arguments, console);
    }
    return Help.print(Optional.empty(), arguments, console);
  }

  static Stream<Command> all() {
    return SECTIONS.stream().flatMap(section -> section.commands().stream());
  }

  /// The commands whose names begin with a word and have another.
  static List<Command> group(String word) {
    return all().filter(command -> command.name().startsWith(word + " ")).toList();
  }

  static Optional<Command> find(String name) {
    return all().filter(command -> command.name().equals(name)).findFirst();
  }

  /// The command with this name.
  ///
  /// @throws UsageException if there is none
  static Command get(String name) {
    return find(name).orElseThrow(() -> unknown(name));
  }

  private static UsageException unknown(String name) {
    List<String> names = all().map(Command::name).toList();
    return new UsageException(
        "unknown command " + name + Nearest.hint(name, names, "'quern --help' lists them"));
  }
}
