package dev.quern.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quern.JobContext;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a program says on its standard error, line by line; the last lines are remembered. Safe for
/// use by several threads.
final class StandardError implements Shell.Sink {
  /// What is kept of a line, in bytes: enough for the characters that the log keeps, and one to
  /// cut.
  private static final int LINE_BYTES = 4 * JobContext.LOG_LINE_LIMIT + 4;

  private static final int LAST_LINES = 3;
  private static final int LAST_LINE_LIMIT = 500;

  private final Consumer<String> log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> last = new ArrayDeque<>();
  private boolean ended;

  /// @param log is told of each line
  StandardError(Consumer<String> log) {
    this.log = log;
  }

  @Override
  public synchronized void take(byte[] bytes, int length) {
    int from = 0;
    for (int at = 0; at < length; at++) {
      if (bytes[at] == '\n') {
        append(bytes, from, at);
        endLine();
        from = at + 1;
      }
    }
    append(bytes, from, length);
  }

  private void append(byte[] bytes, int from, int to) {
    line.write(bytes, from, Math.min(to - from, LINE_BYTES - line.size()));
  }

  private void endLine() {
    String text = line.toString(UTF_8);
    line.reset();
    say(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  private void say(String text) {
    if (!ended) {
      log.accept(text);
      remember(text.strip());
    }
  }

  private void remember(String text) {
    if (text.isEmpty()) {
      return;
    }
    if (last.size() == LAST_LINES) {
      last.removeFirst();
    }
    last.add(text.substring(0, Math.min(text.length(), LAST_LINE_LIMIT)));
  }

  /// Tells the log of a line that was not ended, and of none any more.
  synchronized void end() {
    if (line.size() > 0) {
      endLine();
    }
    ended = true;
  }

  /// The last lines in one; empty if there were none.
  synchronized String lastWords() {
    return String.join(" | ", last);
  }
}
