package dev.quern.cli;

import dev.quern.Quern;
import dev.quern.Why;
import dev.quern.wire.JobJson;

/// `quern why`: what keeps a job from running.
final class WhyCommand {
  static final Command COMMAND =
      Command.named("why", "says why a job is not running")
          .operands("ID", 1, 1)
          .example("quern why 17")
          .does(WhyCommand::run);

  private WhyCommand() {}

  private static int run(Arguments arguments, Console console) {
    long id = Values.operandId(arguments.operand(0));
    try (Quern quern = Database.existing(arguments, console)) {
      Why why = quern.jobs().why(id).orElseThrow(() -> ShowCommand.noJob(id));
      if (arguments.json()) {
        console.json(json -> JobJson.write(json, why));
      } else {
        console.line("job " + id + " is " + why.state().label());
        why.reasons().forEach(reason -> console.line("  " + Text.oneLine(reason.text())));
      }
    }
    return Exit.OK;
  }
}
