package dev.quern.cli;

import dev.quern.Counts;
import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.RunStatus;
import dev.quern.wire.Members;
import java.util.stream.Stream;

/// `quern runs`: all runs of a database.
final class RunsCommand {
  static final Command COMMAND =
      Command.named("runs", "lists the runs, and how far they are")
          .example("quern runs")
          .example("quern runs --json")
          .does(RunsCommand::run);

  private RunsCommand() {}

  /// A run and its jobs.
  private record Row(RunStatus run, Counts counts) {
    long of(JobState state) {
      return counts.of(run.spec().kind(), state);
    }

    long open() {
      return Stream.of(JobState.values()).filter(JobState::live).mapToLong(this::of).sum();
    }

    String state() {
      if (run.pid().isPresent()) {
        return "at work in " + run.pid().get();
      }
      return run.complete() && open() == 0 ? "finished" : "stopped";
    }
  }

  private static int run(Arguments arguments, Console console) {
    try (Quern quern = Database.existing(arguments, console)) {
      Counts counts = quern.jobs().counts();
      Stream<Row> rows = quern.runs().list().stream().map(run -> new Row(run, counts));
      if (arguments.json()) {
        rows.forEach(row -> json(row, console));
      } else {
        table(rows, console);
      }
    }
    return Exit.OK;
  }

  private static void table(Stream<Row> rows, Console console) {
    Table table = new Table("NAME", "LINES", "DONE", "FAILED", "OPEN", "BEGUN", "STATE", "COMMAND");
    rows.forEach(row ->
        table.row(
            row.run().spec().name(),
            row.run().lines(),
            row.of(JobState.DONE),
            row.of(JobState.FAILED),
            row.open(),
            console.when().brief(row.run().createdAt()),
            row.state(),
            row.run().spec().command()));
    if (table.isEmpty()) {
      console.say("no runs");
    } else {
      console.table(table);
    }
  }

  private static void json(Row row, Console console) {
    console.json(json -> {
      json.beginObject();
      new Members(json)
          .text("name", row.run().spec().name())
          .text("command", row.run().spec().command())
          .text("directory", row.run().spec().directory())
          .truth("json", row.run().spec().json())
          .time("createdAt", row.run().createdAt())
          .number("lines", row.run().lines())
          .truth("complete", row.run().complete())
          .number("done", row.of(JobState.DONE))
          .number("failed", row.of(JobState.FAILED))
          .number("cancelled", row.of(JobState.CANCELLED))
          .number("open", row.open())
          .number("pid", row.run().pid());
      json.endObject();
    });
  }
}
