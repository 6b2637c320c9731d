package dev.quern.cli;

import dev.quern.Run;
import dev.quern.RunRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The lines of an input, as many at a time as are there: a line never waits for one that is still
/// to come. They end at `\n`; a `\r` before it belongs to the line, and a last line may do without
/// end.
///
/// For one thread.
final class RunLines {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private final byte[] chunk = new byte[CHUNK];
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private Optional<RunRefusedException> refused = Optional.empty();
  private boolean ended;
  private long number;

  RunLines(InputStream in) {
    this.in = in;
  }

  /// Whether what was given last is the end of the input.
  boolean ended() {
    return ended;
  }

  /// The next lines, which may be none if a long one is still coming; empty at the end.
  ///
  /// @throws RunRefusedException at a line that is no text or too long for an argument; all lines
  ///   before it were given before
  Optional<List<String>> next() throws IOException {
    if (refused.isPresent()) {
      throw refused.get();
    }
    return ended ? Optional.empty() : Optional.of(read());
  }

  private List<String> read() throws IOException {
    List<String> lines = new ArrayList<>();
    int length = in.read(chunk);
    ended = length < 0;
    try {
      if (!ended) {
        split(length, lines);
      } else if (begun.size() > 0) {
        lines.add(line());
      }
    } catch (RunRefusedException bad) {
      refused = Optional.of(bad);
    }
    return lines;
  }

  private void split(int length, List<String> lines) {
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (chunk[i] == '\n') {
        begun.write(chunk, from, i - from);
        lines.add(line());
        from = i + 1;
      }
    }
    begun.write(chunk, from, length - from);
    if (begun.size() > Run.LINE_LIMIT) {
      throw tooLong();
    }
  }

  /// The line that is complete now.
  private String line() {
    if (begun.size() > Run.LINE_LIMIT) {
      throw tooLong();
    }
    byte[] bytes = begun.toByteArray();
    begun.reset();
    try {
      String line = Lines.utf8(bytes);
      number++;
      return line;
    } catch (IllegalArgumentException _) {
      throw RunRefusedException.badLine(number + 1, "is not UTF-8");
    }
  }

  private RunRefusedException tooLong() {
    return RunRefusedException.badLine(
        number + 1, "has more than %,d bytes".formatted(Run.LINE_LIMIT));
  }
}
