package dev.quern.cli;

import java.util.Optional;

/// `quern version`: which Quern this is, on which Java. Opens no database.
final class VersionCommand {
  static final Command COMMAND =
      Command.named("version", "prints the version of Quern and of Java")
          .example("quern version --json")
          .does(VersionCommand::run);

  private VersionCommand() {}

  static int run(Arguments arguments, Console console) {
    String java = Runtime.version().toString();
    if (arguments.json()) {
      console.json(json ->
          json.beginObject().name("version").value(version()).name("java").value(java).endObject());
    } else {
      console.line("quern " + version() + " on Java " + java);
    }
    return Exit.OK;
  }

  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("unreleased");
  }
}
