package dev.quern.cli;

import dev.quern.Quern;
import dev.quern.RunLine;
import dev.quern.RunStatus;
import java.util.List;

/// `quern results`: what has become of the lines of a run, in their order.
final class ResultsCommand {
  private static final int PAGE = 256;

  static final Command COMMAND =
      Command.named("results", "prints what the lines of a run have given, in their order")
          .operands("NAME", 1, 1)
          .example("quern results sums > sums.txt")
          .example("quern results sums --json | grep '\"state\":\"failed\"'")
          .details(
              """
              Prints the output of all lines that are done, byte for byte, and failures to standard
              error; with --json a JSON line for each line that has ended. It is exact at any time,
              also while the run is at work.
              """)
          .does(ResultsCommand::run);

  private ResultsCommand() {}

  private static int run(Arguments arguments, Console console) {
    String name = arguments.operand(0);
    try (Quern quern = Database.existing(arguments, console)) {
      RunStatus run = quern.runs().find(name).orElseThrow(() -> noRun(quern, name));
      long ended = print(quern, name, new RunPrinter(console, arguments.json()));
      if (ended < run.lines()) {
        console.flush();
        console.say(
            "quern: %,d of %,d lines have not ended".formatted(run.lines() - ended, run.lines()));
      }
    }
    return Exit.OK;
  }

  private static long print(Quern quern, String name, RunPrinter printer) {
    long ended = 0;
    List<RunLine> page = quern.runs().lines(name, 0, PAGE);
    while (!page.isEmpty()) {
      List<RunLine> over = page.stream().filter(line -> line.state().ended()).toList();
      over.forEach(printer::print);
      ended += over.size();
      page = quern.runs().lines(name, page.getLast().line(), PAGE);
    }
    return ended;
  }

  /// What every command says of a run that is not there.
  static Failed noRun(Quern quern, String name) {
    List<String> names = quern.runs().list().stream().map(run -> run.spec().name()).toList();
    return Failed.notFound("no run " + name + Nearest.hint(name, names, "'quern runs' lists them"));
  }
}
