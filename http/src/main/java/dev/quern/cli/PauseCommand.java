package dev.quern.cli;

import dev.quern.KindStatus;
import dev.quern.wire.Members;
import java.io.IOException;
import java.util.Optional;

/// `quern pause` and `quern resume`: stop the claims of a kind, and let them go on.
final class PauseCommand {
  private static final Option<String> REASON =
      Option.text("reason", "TEXT", "what 'quern why' says of its jobs")
          .or("paused on the command line");

  static final Command PAUSE =
      Command.named("pause", "stops a kind: no job of it is started until 'quern resume'")
          .operands("KIND", 1, 1)
          .options(REASON)
          .example("quern pause email.send --reason 'mail server is down'")
          .details("Jobs that run already go on. It holds in every process that uses the database.")
          .atServersToo()
          .does(PauseCommand::pause);

  static final Command RESUME =
      Command.named("resume", "lets a paused kind go on")
          .operands("KIND", 1, 1)
          .example("quern resume email.send")
          .atServersToo()
          .does(PauseCommand::resume);

  private PauseCommand() {}

  private static int pause(Arguments arguments, Console console) throws IOException {
    String kind = arguments.operand(0);
    try (Queue queue = Queues.existing(arguments, console)) {
      noteUnknown(queue, kind, console);
      queue.pause(kind, arguments.value(REASON));
    }
    return report(kind, true, arguments, console);
  }

  /// A kind may be paused before its first job, so a mistyped one is no error.
  private static void noteUnknown(Queue queue, String kind, Console console) {
    if (status(queue, kind).isEmpty()) {
      console.say("there is no job of kind " + Text.oneLine(kind) + " yet");
    }
  }

  private static Optional<KindStatus> status(Queue queue, String kind) {
    return queue.kinds().stream().filter(known -> known.kind().equals(kind)).findFirst();
  }

  private static int resume(Arguments arguments, Console console) throws IOException {
    String kind = arguments.operand(0);
    try (Queue queue = Queues.existing(arguments, console)) {
      if (status(queue, kind).flatMap(KindStatus::pausedAt).isEmpty()) {
        throw new Failed(
            Exit.CONFLICT, "kind " + kind + " is not paused: 'quern kinds' lists them");
      }
      queue.resume(kind);
    }
    return report(kind, false, arguments, console);
  }

  private static int report(String kind, boolean paused, Arguments arguments, Console console) {
    if (arguments.json()) {
      console.json(json -> {
        json.beginObject();
        new Members(json).text("kind", kind).truth("paused", paused);
        json.endObject();
      });
    } else {
      console.line("kind " + Text.oneLine(kind) + (paused ? " is paused" : " goes on"));
    }
    return Exit.OK;
  }
}
