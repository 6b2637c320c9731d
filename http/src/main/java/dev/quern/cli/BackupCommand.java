package dev.quern.cli;

import dev.quern.Quern;
import dev.quern.wire.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `quern backup`: a consistent copy, made while the database is in use.
final class BackupCommand {
  static final Command COMMAND =
      Command.named(
              "backup", "writes a consistent copy to a new file, while the database is in use")
          .operands("FILE", 1, 1)
          .example("quern backup friday.db")
          .details("Never copy a database that is in use with cp: the copy may be broken.")
          .does(BackupCommand::run);

  private BackupCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    Path target = target(arguments.operand(0));
    try (Quern quern = Database.existing(arguments, console)) {
      quern.backup(target);
    }
    report(target, Files.size(target), arguments, console);
    return Exit.OK;
  }

  private static Path target(String text) {
    try {
      return Values.path(text);
    } catch (IllegalArgumentException bad) {
      throw new UsageException(bad.getMessage());
    }
  }

  private static void report(Path target, long bytes, Arguments arguments, Console console) {
    if (arguments.json()) {
      console.json(json -> {
        json.beginObject();
        new Members(json).text("file", target.toString()).number("bytes", bytes);
        json.endObject();
      });
    } else {
      console.line("wrote " + target + ", " + Text.bytes(bytes));
    }
  }
}
