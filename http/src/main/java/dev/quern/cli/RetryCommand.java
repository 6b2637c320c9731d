package dev.quern.cli;

import dev.quern.Requeued;
import dev.quern.wire.RequeuedJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// `quern retry`: lets ended jobs run again.
final class RetryCommand {
  private static final Option<Boolean> FAILED = Option.flag("failed", "all failed jobs");
  private static final Option<String> KIND = Option.text("kind", "K", "of those, only this kind");
  private static final Option<Boolean> RECOVERABLE =
      Option.flag("recoverable", "of those, not the unrecoverable ones");

  static final Command COMMAND =
      Command.named("retry", "lets ended jobs run again, with fresh attempts")
          .operands("[ID…]", 0, Integer.MAX_VALUE)
          .options(FAILED, KIND, RECOVERABLE)
          .example("quern retry 17 18")
          .example("quern retry --failed --kind email.send --recoverable")
          .atServersToo()
          .does(RetryCommand::run);

  private RetryCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    check(arguments);
    List<Long> ids = arguments.operands().stream().map(Values::operandId).toList();
    try (Queue queue = Queues.existing(arguments, console)) {
      return arguments.has(FAILED)
          ? report(failed(queue, arguments), arguments, console, Exit.OK)
          : report(each(queue, ids), arguments, console, Exit.CONFLICT);
    }
  }

  private static void check(Arguments arguments) {
    boolean some = !arguments.operands().isEmpty();
    if (some == arguments.has(FAILED)) {
      throw new UsageException(
          some ? "either ids or --failed, not both" : "name jobs by their ids, or use --failed");
    }
    if (some && (arguments.has(KIND) || arguments.has(RECOVERABLE))) {
      throw new UsageException("--kind and --recoverable go with --failed, not with ids");
    }
  }

  private static Requeued failed(Queue queue, Arguments arguments) {
    return queue.requeueFailed(arguments.get(KIND), arguments.has(RECOVERABLE));
  }

  private static Requeued each(Queue queue, List<Long> ids) {
    long requeued = 0;
    List<Requeued.Blocked> blocked = new ArrayList<>();
    for (long id : ids) {
      queue.job(id).orElseThrow(() -> ShowCommand.noJob(id));
    }
    for (long id : ids) {
      Requeued one = queue.requeue(id);
      requeued += one.requeued();
      blocked.addAll(one.blocked());
    }
    return new Requeued(requeued, List.copyOf(blocked), blocked.size(), 0);
  }

  /// @param exit the code where a job was not requeued
  private static int report(Requeued done, Arguments arguments, Console console, int exit) {
    if (arguments.json()) {
      console.json(json -> RequeuedJson.write(json, done));
    } else {
      console.line(done.requeued() + " requeued");
      console.flush();
      done.blocked().forEach(job -> console.say("job " + job.id() + " is not: " + job.reason()));
      more(done, console);
      left(done, console);
    }
    return done.blockedCount() == 0 ? Exit.OK : exit;
  }

  private static void more(Requeued done, Console console) {
    long more = done.blockedCount() - done.blocked().size();
    if (more > 0) {
      console.say("and " + more + " more");
    }
  }

  private static void left(Requeued done, Console console) {
    if (done.unrecoverable() > 0) {
      console.say(
          done.unrecoverable()
              + " left as unrecoverable: without --recoverable they run again too");
    }
  }
}
