package dev.quern.cli;

import dev.quern.Why;
import dev.quern.wire.JobJson;
import java.io.IOException;

/// `quern why`: what keeps a job from running.
final class WhyCommand {
  static final Command COMMAND =
      Command.named("why", "says why a job is not running")
          .operands("ID", 1, 1)
          .example("quern why 17")
          .atServersToo()
          .does(WhyCommand::run);

  private WhyCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    long id = Values.operandId(arguments.operand(0));
    try (Queue queue = Queues.existing(arguments, console)) {
      Why why = queue.why(id).orElseThrow(() -> ShowCommand.noJob(id));
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
