package dev.quern.cli;

import dev.quern.Backoff;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.wire.KindJson;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `quern kinds`: the kinds and what holds for each.
final class KindsCommand {
  static final Command COMMAND =
      Command.named("kinds", "lists the kinds of jobs: their policies and pauses")
          .example("quern kinds")
          .atServersToo()
          .does(KindsCommand::run);

  private KindsCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    try (Queue queue = Queues.existing(arguments, console)) {
      List<KindStatus> kinds = queue.kinds();
      if (arguments.json()) {
        json(kinds, console);
      } else if (kinds.isEmpty()) {
        console.say("no kinds");
      } else {
        console.table(table(kinds, console.when()));
      }
    }
    return Exit.OK;
  }

  private static Table table(List<KindStatus> kinds, When when) {
    Table table = new Table("KIND", "RANK", "ATTEMPTS", "BACKOFF", "TIMEOUT", "LIMITS", "STATUS");
    for (KindStatus kind : kinds) {
      KindPolicy policy = kind.policy();
      table.row(
          kind.kind(),
          policy.rank(),
          policy.maxAttempts(),
          backoff(policy.backoff()),
          policy.timeout().map(KindsCommand::brief).orElse("none"),
          limits(policy),
          status(kind, when));
    }
    return table;
  }

  private static String backoff(Backoff backoff) {
    return backoff.base().equals(backoff.cap())
        ? brief(backoff.base())
        : brief(backoff.base()) + " to " + brief(backoff.cap());
  }

  private static String brief(Duration duration) {
    return When.lasted(duration);
  }

  private static String limits(KindPolicy policy) {
    List<String> limits = new ArrayList<>();
    policy.concurrency().ifPresent(most -> limits.add(most + " in a process"));
    policy.totalConcurrency().ifPresent(most -> limits.add(most + " in all"));
    policy.rate().ifPresent(rate -> limits.add(rate.starts() + " per " + brief(rate.period())));
    return limits.isEmpty() ? "none" : String.join(", ", limits);
  }

  private static String status(KindStatus kind, When when) {
    return kind.pausedAt()
        .map(at -> "paused" + reason(kind) + ", " + when.brief(at))
        .orElse(kind.policy().retired() ? "retired" : "open");
  }

  private static String reason(KindStatus kind) {
    return kind.pauseReason().map(reason -> " (" + reason + ")").orElse("");
  }

  private static void json(List<KindStatus> kinds, Console console) {
    console.json(json -> {
      json.beginArray();
      kinds.forEach(kind -> KindJson.write(json, kind));
      json.endArray();
    });
  }
}
