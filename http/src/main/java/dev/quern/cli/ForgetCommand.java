package dev.quern.cli;

import dev.quern.Quern;
import dev.quern.RunRefusedException;
import dev.quern.wire.Members;

/// `quern forget`: lets go of a run.
final class ForgetCommand {
  static final Command COMMAND =
      Command.named("forget", "deletes a run with all its lines and results")
          .operands("NAME", 1, 1)
          .example("quern forget sums")
          .details("A run that is at work is not forgotten: stop it first.")
          .does(ForgetCommand::run);

  private ForgetCommand() {}

  private static int run(Arguments arguments, Console console) {
    String name = arguments.operand(0);
    try (Quern quern = Database.existing(arguments, console)) {
      quern.runs().find(name).orElseThrow(() -> ResultsCommand.noRun(quern, name));
      report(name, quern.runs().forget(name), arguments, console);
    } catch (RunRefusedException refused) {
      throw new Failed(Exit.CONFLICT, refused.getMessage());
    }
    return Exit.OK;
  }

  private static void report(String name, long lines, Arguments arguments, Console console) {
    if (arguments.json()) {
      console.json(json -> {
        json.beginObject();
        new Members(json).text("run", name).number("lines", lines);
        json.endObject();
      });
    } else {
      console.line("forgot run %s: %,d lines".formatted(name, lines));
    }
  }
}
