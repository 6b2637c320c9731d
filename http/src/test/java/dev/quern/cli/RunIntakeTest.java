package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunSpec;
import dev.quern.RunStatus;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// When the end of an input is its end.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RunIntakeTest {
  private static final RunSpec SPEC = new RunSpec("sums", "true", "/", false);

  @TempDir Path directory;

  /// Says when its end is read.
  private static final class Told extends FilterInputStream {
    private final CountDownLatch end = new CountDownLatch(1);

    Told(String text) {
      super(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read < 0) {
        end.countDown();
      }
      return read;
    }
  }

  private Quern open() {
    return Quern.open(directory.resolve("q.db"));
  }

  private static RunStatus books(Quern quern) {
    return quern.runs().find("sums").orElseThrow();
  }

  @Test
  void an_input_that_ends_is_complete() {
    try (Quern quern = open();
        Run run = quern.runs().open(SPEC)) {
      new RunIntake(run, new Told("a\nb"), Duration.ZERO, () -> {}).run();

      assertEquals(2, books(quern).lines());
      assertTrue(books(quern).complete());
    }
  }

  @Test
  void an_input_that_ends_when_the_run_is_stopped_was_cut_off() throws Exception {
    try (Quern quern = open();
        Run run = quern.runs().open(SPEC)) {
      Told cut = new Told("a\nb\nhalf a li");
      RunIntake intake = new RunIntake(run, cut, Duration.ofDays(1), () -> {});
      Thread thread = Thread.startVirtualThread(intake);
      cut.end.await();

      intake.stop();
      thread.join();

      assertEquals(2, books(quern).lines());
      assertFalse(books(quern).complete());
      assertTrue(intake.failure().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void an_input_that_cannot_be_read_is_a_failure(Throwable fault) {
    try (Quern quern = open();
        Run run = quern.runs().open(SPEC)) {
      RunIntake intake = new RunIntake(run, new Torn(fault), Duration.ZERO, () -> {});

      intake.run();

      assertEquals(fault, intake.failure().orElseThrow());
      assertFalse(books(quern).complete());
    }
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        new IOException("torn"), new IllegalStateException("torn"), new LinkageError("torn"));
  }
}
