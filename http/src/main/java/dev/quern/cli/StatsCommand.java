package dev.quern.cli;

import dev.quern.Counts;
import dev.quern.JobState;
import dev.quern.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/// `quern stats`: how many jobs there are.
final class StatsCommand {
  static final Command COMMAND =
      Command.named("stats", "counts the jobs by kind and state")
          .example("quern stats")
          .example("quern stats --json")
          .details(
              """
              On a pipe each kind is a line: its name, then the number of jobs that are waiting,
              scheduled, ready, running, done, failed and cancelled, separated by tabs.
              """)
          .atServersToo()
          .does(StatsCommand::run);

  private StatsCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    try (Queue queue = Queues.existing(arguments, console)) {
      Counts counts = queue.counts();
      if (arguments.json()) {
        json(counts, console);
      } else if (counts.byKind().isEmpty()) {
        console.say("no jobs");
      } else {
        console.table(table(counts, console.terminal().out()));
      }
    }
    return Exit.OK;
  }

  private static void json(Counts counts, Console console) {
    console.json(json -> {
      json.beginObject().name("kinds").beginObject();
      for (String kind : counts.byKind().keySet()) {
        states(json.name(kind), state -> counts.of(kind, state));
      }
      states(json.endObject().name("total"), counts::of);
      json.endObject();
    });
  }

  private static void states(JsonWriter json, ToLongFunction<JobState> count) {
    json.beginObject();
    for (JobState state : JobState.values()) {
      json.name(state.label()).value(count.applyAsLong(state));
    }
    json.endObject();
  }

  /// For people, states without jobs are left out and a line of totals is added.
  private static Table table(Counts counts, boolean people) {
    List<JobState> states =
        Arrays.stream(JobState.values()).filter(state -> !people || counts.of(state) > 0).toList();
    Table table = new Table(head(states));
    for (String kind : counts.byKind().keySet()) {
      table.row(row(kind, states, state -> counts.of(kind, state), people));
    }
    if (people && counts.byKind().size() > 1) {
      table.row(row("all", states, counts::of, true));
    }
    return table;
  }

  private static String[] head(List<JobState> states) {
    List<String> head = new ArrayList<>(List.of("KIND"));
    states.forEach(state -> head.add(state.label().toUpperCase(Locale.ROOT)));
    return head.toArray(String[]::new);
  }

  private static Object[] row(
      String name, List<JobState> states, ToLongFunction<JobState> count, boolean people) {
    List<Object> cells = new ArrayList<>(List.of(name));
    states.forEach(state -> cells.add((people ? "%,d" : "%d").formatted(count.applyAsLong(state))));
    return cells.toArray();
  }
}
