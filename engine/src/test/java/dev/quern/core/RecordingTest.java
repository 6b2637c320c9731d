package dev.quern.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Handler;
import dev.quern.NewJob;
import dev.quern.support.TestStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  @RegisterExtension final TestStore store = new TestStore();

  @TempDir private Path directory;

  @Test
  void a_flight_recording_shows_every_attempt_and_every_batch() throws IOException {
    Handler<Integer> handler =
        (i, _) -> {
          if (i == 2) {
            throw new IllegalStateException("down");
          }
        };
    var quern = store.manual().handle("mail", Integer.class, handler).start();
    var file = directory.resolve("quern.jfr");
    try (var recording = new Recording()) {
      recording.start();
      quern.enqueueAll(List.of(NewJob.json("mail", "1"), NewJob.json("mail", "2")));
      quern.tick();
      recording.stop();
      recording.dump(file);
    }

    var events = RecordingFile.readAllEvents(file);
    var attempts = named(events, "dev.quern.Attempt");
    assertEquals(List.of(1L, 2L), attempts.stream().map(e -> e.getLong("jobId")).toList());
    assertEquals(
        List.of("Done", "Failed"), attempts.stream().map(e -> e.getString("outcome")).toList());
    assertEquals("mail", attempts.getFirst().getString("kind"));
    var batches = named(events, "dev.quern.Batch");
    assertTrue(batches.stream().anyMatch(batch -> batch.getInt("members") == 2), batches + "");
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }
}
