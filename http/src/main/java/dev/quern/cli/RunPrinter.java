package dev.quern.cli;

import dev.quern.JobState;
import dev.quern.ProgramOutput;
import dev.quern.RunLine;
import dev.quern.wire.JobJson;
import dev.quern.wire.Members;

/// Prints lines of a run that have ended: what their programs printed, byte for byte, to standard
/// output, and failures to standard error; or everything as JSON, a line for each, to standard
/// output.
///
/// For one thread.
final class RunPrinter {
  private final Console console;
  private final boolean json;
  private boolean lineOpen;

  RunPrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /// Whether the last thing on standard output was not a line end.
  boolean lineOpen() {
    return lineOpen;
  }

  /// Prints a line that has ended.
  void print(RunLine line) {
    if (json) {
      json(line);
    } else if (line.state() == JobState.DONE) {
      line.result().ifPresent(result -> output(line.line(), result));
    } else {
      console.flush();
      console.say(Text.oneLine(failure(line)));
    }
  }

  private void json(RunLine line) {
    console.json(json -> {
      json.beginObject();
      Members members =
          new Members(json)
              .number("line", line.line())
              .id("id", line.jobId())
              .text("state", line.state().label())
              .number("attempts", line.attempts())
              .json("result", line.result());
      JobJson.failure(members, line.failure());
      json.endObject();
    });
  }

  private void output(long number, String result) {
    ProgramOutput output = ProgramOutput.of(result);
    console.print(output.bytes());
    lineOpen = output.bytes().length > 0 ? !endsLine(output.bytes()) : lineOpen;
    if (output.cut()) {
      console.flush();
      console.say(
          "quern: line %,d printed %,d bytes, of which the first %,d were kept"
              .formatted(number, output.totalBytes(), output.bytes().length));
    }
  }

  private static boolean endsLine(byte[] bytes) {
    return bytes[bytes.length - 1] == '\n';
  }

  private static String failure(RunLine line) {
    return "quern: line %,d %s%s"
        .formatted(
            line.line(),
            line.state().label(),
            line.failure().map(why -> ": " + why.code() + ": " + why.message()).orElse(""));
  }
}
