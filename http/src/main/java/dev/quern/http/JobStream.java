package dev.quern.http;

import dev.quern.json.JsonWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Takes new jobs line by line and answers line by line: what is there is written together, and
/// answered once it is durable. Keeps no more than one batch.
final class JobStream {
  private static final int BATCH = 500;
  private static final int BATCH_CHARS = 4 << 20;

  private final View view;
  private final Lines lines;
  private final BufferedWriter out;
  private final ServerConfig config;
  private final boolean minimal;
  private final IntakeBatch batch;
  private long line;
  private long accepted;
  private long rejected;

  /// @param minimal whether only refusals are answered, and the end
  JobStream(View view, Lines lines, OutputStream out, ServerConfig config, boolean minimal) {
    this.view = view;
    this.lines = lines;
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    this.config = config;
    this.minimal = minimal;
    this.batch = new IntakeBatch(view);
  }

  void run() throws IOException {
    try {
      take();
      end(true, Optional.empty());
    } catch (Problem refused) {
      flush();
      end(false, Optional.of(refused));
    }
  }

  private void take() throws IOException {
    long chars = 0;
    for (Optional<String> next = next(); next.isPresent(); next = next()) {
      String text = next.get();
      batch.add(() -> JobInput.read(view, Fields.of(text)));
      chars += text.length();
      if (batch.size() == BATCH || chars > BATCH_CHARS || lines.mustWait()) {
        flush();
        chars = 0;
      }
    }
    flush();
  }

  private Optional<String> next() throws IOException {
    Guard.current().within(config.bodyDeadline());
    return lines.next();
  }

  private void flush() throws IOException {
    Guard.current().within(config.handlerDeadline());
    for (Intake intake : batch.flush()) {
      line++;
      accepted += intake.enqueued().isPresent() ? 1 : 0;
      rejected += intake.problem().isPresent() ? 1 : 0;
      if (!minimal || intake.problem().isPresent()) {
        write(intake);
      }
    }
    out.flush();
  }

  private void write(Intake intake) throws IOException {
    StringBuilder text = new StringBuilder();
    JsonWriter json = new JsonWriter(text).beginObject();
    json.name("line").value(line);
    intake.members(json);
    json.endObject();
    out.append(text.append('\n'));
  }

  private void end(boolean done, Optional<Problem> refused) throws IOException {
    StringBuilder text = new StringBuilder();
    JsonWriter json = new JsonWriter(text).beginObject();
    json.name("done").value(done).name("accepted").value(accepted);
    json.name("rejected").value(rejected);
    refused.ifPresent(problem -> problem.write(json.name("problem")));
    json.endObject();
    out.append(text.append('\n')).flush();
  }
}
