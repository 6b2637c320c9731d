package dev.quern.run;

import dev.quern.Run;
import dev.quern.RunRefusedException;
import dev.quern.RunSpec;

/// What is said when a run is not begun or not gone on with.
final class Refusals {
  private Refusals() {}

  static RunRefusedException unknown(String name) {
    return new RunRefusedException(
        "there is no run %s: 'quern runs' lists the runs of this database".formatted(name));
  }

  static RunRefusedException atWork(String name, long pid) {
    return new RunRefusedException(
        "run %s is at work in process %d: wait until it ends, or stop it".formatted(name, pid));
  }

  static RunRefusedException takenOver(RunSpec spec) {
    return new RunRefusedException(
        "run %s was taken over by another process, and is left to it".formatted(spec.name()));
  }

  static RunRefusedException stillRuns(String name) {
    return new RunRefusedException(
        "a line of run %s is still worked on: try again when it has ended".formatted(name));
  }

  // ---- another run than the one in the books

  static RunRefusedException command(RunSpec books, RunSpec asked) {
    return differs(books, "its command is %s, not %s", books.command(), asked.command());
  }

  static RunRefusedException directory(RunSpec books, RunSpec asked) {
    return differs(books, "its directory is %s, not %s", books.directory(), asked.directory());
  }

  static RunRefusedException form(RunSpec books) {
    return differs(books, books.json() ? "its lines are JSON" : "its lines are text, not JSON");
  }

  static RunRefusedException changed(RunSpec books, long line) {
    return differs(books, "line %,d of the input is not the one it has taken in", line);
  }

  static RunRefusedException fewer(RunSpec books, long lines, long taken) {
    return differs(
        books, "the input ends after line %,d, but it has taken in %,d lines", lines, taken);
  }

  static RunRefusedException more(RunSpec books, long taken) {
    return differs(books, "the input goes on after line %,d, where it had ended", taken);
  }

  private static RunRefusedException differs(RunSpec books, String how, Object... values) {
    return new RunRefusedException(
        "run %1$s is another one: %2$s; start it as before, or use another name, or let go of it with 'quern forget %1$s'"
            .formatted(books.name(), how.formatted(values)));
  }

  // ---- lines that cannot be jobs

  static RunRefusedException tooLong(long line, long bytes) {
    return bad(line, "has %,d bytes: at most %,d are allowed".formatted(bytes, Run.LINE_LIMIT));
  }

  static RunRefusedException tooMany(long line) {
    return bad(line, "is one too many: a run has at most %,d lines".formatted(Run.LINES_LIMIT));
  }

  static RunRefusedException bad(long line, String why) {
    return RunRefusedException.badLine(line, why);
  }
}
