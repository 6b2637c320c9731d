package dev.quern.cli;

import dev.quern.Enqueued;
import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.QuernConfig;
import dev.quern.Why;
import dev.quern.json.Json;
import dev.quern.wire.JobJson;
import dev.quern.wire.Members;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `quern enqueue`: adds a job, or with `--stream` one for each line of standard input.
final class EnqueueCommand {
  private static final Duration FOREVER = Duration.ofDays(3650);

  private static final Option<Integer> PRIORITY =
      Option.whole("priority", "N", "smaller runs first (default: the rank of the kind)");
  private static final Option<Duration> DELAY =
      Option.duration("delay", "D", "run no earlier than in D, such as 30s or 2h");
  private static final Option<Instant> AT =
      Option.instant("at", "TIME", "run no earlier than this, such as 2027-01-31T09:00");
  private static final Option<String> DEDUPE =
      Option.text("dedupe", "KEY", "add nothing while a live job has the same key");
  private static final Option<String> AFFINITY =
      Option.text("affinity", "KEY", "prefer to run next to jobs with the same key");
  private static final Option<List<String>> REQUIRES =
      Option.of("requires", "A,B", "run only on workers with these capabilities", Values::names);
  private static final Option<List<String>> TAGS =
      Option.of("tags", "A,B", "what the job can be found by", Values::names);
  private static final Option<Integer> ATTEMPTS =
      Option.count("attempts", "N", "attempts before it fails (default: as the kind says)");
  private static final Option<Boolean> STREAM =
      Option.flag("stream", "one job for each line of standard input, which is its payload");
  private static final Option<Duration> WAIT =
      Option.duration("wait", "D", "wait for its end, at most D, and print its result").perhaps();

  static final Command COMMAND =
      Command.named("enqueue", "adds a job; prints its id")
          .operands("KIND [JSON|-]", 1, 2)
          .options(PRIORITY, DELAY, AT, DEDUPE, AFFINITY, REQUIRES, TAGS, ATTEMPTS, STREAM, WAIT)
          .example("quern enqueue email.send '{\"to\": \"a@example.com\"}' --dedupe welcome:42")
          .example("quern enqueue report - --delay 2h < report.json")
          .example("quern enqueue resize '{\"file\": \"a.png\"}' --wait 30s")
          .example("quern enqueue --stream resize < files.jsonl")
          .details(
              """
              The payload is JSON, {} when it is left out; - reads it from standard input. With --wait
              the exit code is 1 if the job fails or is cancelled, and 7 if the time is up.
              """)
          .atServersToo()
          .does(EnqueueCommand::run);

  private EnqueueCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    check(arguments);
    Order order = order(arguments);
    order.job();
    if (arguments.has(STREAM)) {
      return stream(order, arguments, console);
    }
    Order whole = order.payload(payload(arguments.perhaps(1), console));
    try (Queue queue = Queues.open(arguments, console)) {
      Enqueued enqueued = queue.enqueueAll(List.of(whole)).getFirst();
      return arguments.has(WAIT)
          ? await(queue, enqueued.id(), arguments, console)
          : report(enqueued, arguments, console);
    }
  }

  private static void check(Arguments arguments) {
    if (arguments.has(AT) && arguments.has(DELAY)) {
      throw new UsageException("either --at or --delay, not both");
    }
    boolean single =
        arguments.operands().size() > 1 || arguments.has(DEDUPE) || arguments.has(WAIT);
    if (arguments.has(STREAM) && single) {
      throw new UsageException("--stream goes without a payload, --dedupe and --wait");
    }
  }

  /// What the options say; its payload is still to come.
  private static Order order(Arguments arguments) {
    return new Order(
        arguments.operand(0),
        "{}",
        arguments.get(PRIORITY),
        arguments.get(DELAY),
        arguments.get(AT),
        arguments.get(DEDUPE),
        arguments.get(AFFINITY),
        arguments.get(REQUIRES).orElse(List.of()),
        arguments.get(TAGS).orElse(List.of()),
        arguments.get(ATTEMPTS));
  }

  /// The payload, checked before a database is opened or even created.
  private static String payload(Optional<String> operand, Console console) throws IOException {
    String json = operand.isEmpty() ? "{}" : text(operand.get(), console);
    try {
      Json.check(json);
      return json;
    } catch (IllegalArgumentException bad) {
      throw new UsageException(
          "the payload is " + bad.getMessage() + "; a text is written as '\"text\"'");
    }
  }

  private static String text(String operand, Console console) throws IOException {
    if (!operand.equals("-")) {
      return operand;
    }
    int limit = QuernConfig.DEFAULT.payloadLimit();
    byte[] bytes = console.in().readNBytes(limit + 1);
    if (bytes.length > limit) {
      throw new IllegalArgumentException(
          "the payload is longer than %,d bytes: store long data elsewhere".formatted(limit));
    }
    return Lines.utf8(bytes);
  }

  private static int stream(Order order, Arguments arguments, Console console) throws IOException {
    try (Queue queue = Queues.open(arguments, console)) {
      EnqueueStream stream = new EnqueueStream(queue, order);
      stream.take(console.in());
      if (arguments.json()) {
        console.json(json -> {
          json.beginObject();
          new Members(json).number("enqueued", stream.added());
          json.endObject();
        });
      } else {
        console.line(stream.added() + " enqueued");
      }
    }
    return Exit.OK;
  }

  private static int report(Enqueued enqueued, Arguments arguments, Console console) {
    if (arguments.json()) {
      console.json(json -> {
        json.beginObject();
        new Members(json).id("id", enqueued.id()).truth("isNew", enqueued.isNew());
        json.endObject();
      });
    } else {
      console.line(Long.toString(enqueued.id()));
      if (!enqueued.isNew()) {
        console.say("nothing was added: job " + enqueued.id() + " has this dedupe key");
      }
    }
    return Exit.OK;
  }

  private static int await(Queue queue, long id, Arguments arguments, Console console) {
    Duration patience = arguments.get(WAIT).orElse(FOREVER);
    Job job = queue.await(id, patience).orElseThrow(() -> late(queue, id));
    if (arguments.json()) {
      console.json(json -> JobJson.write(json, job));
    } else if (job.state() == JobState.DONE) {
      job.result().ifPresent(console::line);
    } else {
      console.say("quern: job %d %s".formatted(id, how(job)));
    }
    return job.state() == JobState.DONE ? Exit.OK : Exit.FAILED;
  }

  private static String how(Job job) {
    return job.state() == JobState.FAILED
        ? "failed: " + Text.oneLine(job.failure().map(ShowCommand::line).orElse(""))
        : "was cancelled";
  }

  private static Failed late(Queue queue, long id) {
    String why =
        queue.why(id).map(Why::reasons).stream()
            .flatMap(List::stream)
            .map(Why.Reason::text)
            .flatMap(text -> Stream.of(": ", text))
            .limit(2)
            .reduce("", String::concat);
    return new Failed(Exit.TIMEOUT, "the time is up, job " + id + " has not ended" + why);
  }
}
