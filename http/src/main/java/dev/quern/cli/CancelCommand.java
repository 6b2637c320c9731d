package dev.quern.cli;

import dev.quern.CancelResult;
import dev.quern.wire.Members;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `quern cancel`: ends jobs, or asks running ones to end.
final class CancelCommand {
  private static final Option<String> REASON =
      Option.text("reason", "TEXT", "kept with the job").or("cancelled on the command line");

  static final Command COMMAND =
      Command.named("cancel", "ends jobs; running ones are asked to stop")
          .operands("ID…", 1, Integer.MAX_VALUE)
          .options(REASON)
          .example("quern cancel 17")
          .example("quern cancel 17 18 --reason 'wrong list'")
          .atServersToo()
          .does(CancelCommand::run);

  private CancelCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    List<Long> ids = arguments.operands().stream().map(Values::operandId).toList();
    Map<Long, CancelResult> results = new LinkedHashMap<>();
    try (Queue queue = Queues.existing(arguments, console)) {
      ids.forEach(id -> results.put(id, queue.cancel(id, arguments.value(REASON))));
    }
    if (arguments.json()) {
      results.forEach((id, result) -> json(id, result, console));
    } else {
      results.forEach((id, result) -> print(id, result, console));
    }
    return results.values().stream().mapToInt(CancelCommand::exit).max().orElse(Exit.OK);
  }

  private static void json(long id, CancelResult result, Console console) {
    console.json(json -> {
      json.beginObject();
      new Members(json).id("id", id).text("result", result.name().toLowerCase(Locale.ROOT));
      json.endObject();
    });
  }

  private static void print(long id, CancelResult result, Console console) {
    switch (result) {
      case CANCELLED -> console.line("job " + id + " is cancelled");
      case REQUESTED -> console.line("job " + id + " is running and has been asked to stop");
      case ALREADY_ENDED -> console.say("quern: job " + id + " had ended before");
      case NOT_FOUND -> console.say("quern: no job " + id + ": 'quern jobs' lists them");
    }
  }

  private static int exit(CancelResult result) {
    return switch (result) {
      case CANCELLED, REQUESTED -> Exit.OK;
      case NOT_FOUND -> Exit.NOT_FOUND;
      case ALREADY_ENDED -> Exit.CONFLICT;
    };
  }
}
