package dev.quern.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs commands in this process on one database, with captured streams.
final class Shell {
  private final Path db;
  private final Map<String, String> environment = new HashMap<>();
  private Terminal terminal = Terminal.NONE;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = new ByteArrayOutputStream();

  Shell(Path db) {
    this.db = db;
    environment.put("QUERN_DB", db.toString());
  }

  /// What a command did.
  record Ran(int exit, String out, String err) {

    /// The lines of standard output.
    List<String> lines() {
      return out.lines().toList();
    }

    /// The fields of the first line.
    List<String> fields() {
      return List.of(lines().getFirst().split("\t", -1));
    }
  }

  Path db() {
    return db;
  }

  Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Shell on(Terminal terminal) {
    this.terminal = terminal;
    return this;
  }

  Shell reading(String text) {
    return reading(text.getBytes(StandardCharsets.UTF_8));
  }

  Shell reading(byte[] bytes) {
    in = new ByteArrayInputStream(bytes);
    return this;
  }

  Shell writingTo(OutputStream out) {
    this.out = out;
    return this;
  }

  /// Runs a command.
  Ran run(String... words) {
    out = out instanceof ByteArrayOutputStream ? new ByteArrayOutputStream() : out;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(in, out, err, environment, terminal, InstantSource.system());
    int exit = Main.run(List.of(words), console);
    return new Ran(exit, text(out), text(err));
  }

  /// Runs a command that must go well.
  Ran ok(String... words) {
    Ran ran = run(words);
    if (ran.exit() != Exit.OK) {
      throw new AssertionError(String.join(" ", words) + ": " + ran);
    }
    return ran;
  }

  private static String text(OutputStream stream) {
    return stream instanceof ByteArrayOutputStream bytes
        ? bytes.toString(StandardCharsets.UTF_8)
        : "";
  }

  /// Splits a line as a shell does, as far as the examples of the help need it.
  static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (char c : (line + " ").toCharArray()) {
      if (c == '\'') {
        quoted = !quoted;
      } else if (c != ' ' || quoted) {
        word.append(c);
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    return words;
  }
}
