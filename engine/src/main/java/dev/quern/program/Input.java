package dev.quern.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quern.JobContext;
import dev.quern.Program;
import dev.quern.json.Json;
import dev.quern.json.JsonString;
import java.io.IOException;
import java.io.OutputStream;

/// What a shell behind its gate reads: the texts it needs, then the payload as standard input of
/// the program.
///
/// @param texts each as the number of its lines and these lines, as [Shell#SCRIPT] reads them
/// @param payload the standard input
record Input(byte[] texts, byte[] payload) {

  /// Nothing at all: a shell that reads this ends.
  static final Input NONE = new Input(new byte[0], new byte[0]);

  /// What fits into any empty pipe.
  private static final int PIPE_ROOM = 4_096;

  static Input of(Program program, JobContext context) {
    String payload = payload(program.form(), context.payload());
    String texts = framed(context.kind()) + framed(program.command()) + framed(payload);
    return new Input(texts.getBytes(UTF_8), payload.getBytes(UTF_8));
  }

  private static String payload(Program.Form form, String json) {
    return form == Program.Form.TEXT && Json.parse(json) instanceof JsonString(String text)
        ? text
        : json;
  }

  private static String framed(String text) {
    long lines = 1 + text.chars().filter(c -> c == '\n').count();
    return lines + "\n" + text + "\n";
  }

  /// Whether writing it cannot block.
  boolean isShort() {
    return texts.length + payload.length <= PIPE_ROOM;
  }

  /// Writes it and the end of input. A program that does not read it is as good as one that does.
  void writeTo(OutputStream pipe) {
    try (pipe) {
      pipe.write(texts);
      pipe.write(payload);
    } catch (IOException _) {
      // Nobody reads on: how the program ended says the rest.
    }
  }
}
