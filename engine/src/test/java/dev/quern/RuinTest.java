package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file that is damaged, deleted or replaced under an engine: nothing is acknowledged any more.
class RuinTest {
  private static final int PAGE = 4_096;

  /// Warns of what is here on purpose. Held, because loggers that nobody holds forget their level.
  private static final Logger LOG = Logger.getLogger("dev.quern");

  @TempDir private Path directory;

  @BeforeEach
  void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterEach
  void speak() {
    LOG.setLevel(null);
  }

  private Path file() {
    return directory.resolve("app.db");
  }

  private static NewJob job() {
    return NewJob.json("mail", "1");
  }

  /// Enqueues until it is refused.
  private static StoreException refused(Quern quern) {
    TestStore.eventually(() -> {
      try {
        return !quern.enqueue(job()).isNew();
      } catch (StoreException refusal) {
        return true;
      }
    });
    return assertThrows(StoreException.Unusable.class, () -> quern.enqueue(job()));
  }

  private void deleteAll() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void a_file_that_was_deleted_is_not_written() throws IOException {
    try (Quern quern = Quern.open(file())) {
      quern.enqueue(job());
      deleteAll();

      StoreException refusal = refused(quern);

      assertTrue(
          refusal
              .getMessage()
              .startsWith(
                  file() + " was deleted, moved or replaced while it was open: put it back"),
          refusal.getMessage());
      assertSame(refusal, quern.unusable().orElseThrow());
    }
  }

  @Test
  void a_file_that_was_replaced_is_not_written() throws IOException {
    Path other = directory.resolve("other.db");
    Quern.open(other).close();
    try (Quern quern = Quern.open(file())) {
      quern.enqueue(job());
      Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);

      assertTrue(refused(quern).getMessage().contains("replaced"));
    }
  }

  @Test
  void an_engine_whose_file_is_gone_closes_at_once() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Quern quern = Quern.open(file());
    quern.handle(
        "mail",
        Integer.class,
        (_, _) -> {
          begun.countDown();
          go.await();
        });
    quern.start();
    quern.enqueue(job());
    begun.await();
    deleteAll();
    refused(quern);
    go.countDown();

    long start = System.nanoTime();
    quern.close(Duration.ofMinutes(5));

    assertTrue(System.nanoTime() - start < Duration.ofSeconds(60).toNanos());
  }

  /// What a reader finds keeps the writer from acknowledging, although the pages that it writes are
  /// sound.
  @Test
  void a_damaged_file_is_not_written_once_that_is_known() throws IOException {
    try (Quern quern = Quern.open(file())) {
      quern.enqueueAll(IntStream.range(0, 6_000).mapToObj(_ -> job().tags("t")).toList());
    }
    damageMiddle();
    try (Quern quern = Quern.open(file())) {
      assertTrue(quern.unusable().isEmpty());
      assertTrue(quern.enqueue(job()).isNew());

      assertThrows(StoreException.Unusable.class, () -> readAll(quern));

      StoreException refusal =
          assertThrows(StoreException.Unusable.class, () -> quern.enqueue(job()));
      assertTrue(refusal.getMessage().contains("restore a backup"), refusal.getMessage());
      assertSame(refusal, quern.unusable().orElseThrow());
      assertFalse(quern.kinds().list().isEmpty());
    }
  }

  private static void readAll(Quern quern) {
    for (long id = 1; id <= 6_000; id++) {
      assertTrue(quern.jobs().get(id).isPresent());
    }
  }

  /// Zeroes pages that hold rows of jobs.
  private void damageMiddle() throws IOException {
    try (FileChannel channel =
        FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long pages = channel.size() / PAGE;
      for (long page = pages / 2; page < pages * 2 / 3; page++) {
        channel.write(ByteBuffer.allocate(PAGE), page * PAGE);
      }
    }
  }

  @Test
  void a_full_disk_or_a_lock_held_is_no_ruin() throws Exception {
    try (Quern quern = Quern.open(file(), QuernConfig.DEFAULT.busyTimeout(Duration.ZERO));
        var own = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = own.createStatement()) {
      statement.execute("begin immediate");
      assertThrows(StoreException.Busy.class, () -> quern.enqueue(job()));
      statement.execute("rollback");

      assertTrue(quern.unusable().isEmpty());
      assertEquals(1, quern.enqueue(job()).id());
    }
  }
}
