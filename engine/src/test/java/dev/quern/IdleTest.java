package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestClock;
import dev.quern.support.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdleTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  /// Tells how often it was asked: every turn of the writer asks.
  private record CountingClock(TestClock clock, AtomicLong asked) implements InstantSource {
    @Override
    public Instant instant() {
      asked.incrementAndGet();
      return clock.instant();
    }
  }

  @Test
  void an_engine_without_work_that_is_due_writes_nothing() throws Exception {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    leaveSomethingOfEverything(quern);
    try (var witness = store.connect()) {
      quern.tick();
      var before = trace(witness);

      for (int second = 0; second < 600; second++) {
        store.clock.advance(Duration.ofSeconds(1));
        assertEquals(0, quern.tick());
      }

      assertEquals(before, trace(witness));
    }
  }

  @Test
  void an_engine_without_work_that_is_due_does_not_even_ask_for_the_write_lock() throws Exception {
    var worker = store.manual();
    worker.enqueue(NewJob.json("other", "1"));
    worker.claim(ClaimRequest.of("other").lease(Duration.ofHours(1)));
    var impatient = store.config().busyTimeout(Duration.ofMillis(1));
    var quern = store.manual(impatient).handle("mail", Integer.class, (_, _) -> {}).start();
    leaveSomethingOfEverything(quern);
    store.clock.advance(Duration.ofSeconds(2));
    quern.tick();
    try (var neighbour = store.connect();
        var statement = neighbour.createStatement()) {
      statement.execute("begin immediate");

      for (int second = 0; second < 600; second++) {
        store.clock.advance(Duration.ofSeconds(1));
        assertEquals(0, quern.tick());
      }

      statement.execute("rollback");
    }
  }

  @Test
  void a_started_engine_without_work_that_is_due_writes_nothing() throws Exception {
    var asked = new AtomicLong();
    var clock = new CountingClock(store.clock, asked);
    var quern = store.open(QuernConfig.DEFAULT.clock(clock));
    leaveSomethingOfEverything(quern);
    quern.handle("mail", Integer.class, (_, _) -> {}).start();
    try (var witness = store.connect()) {
      rounds(asked, 50);
      var before = trace(witness);

      for (int second = 0; second < 10; second++) {
        store.clock.advance(Duration.ofSeconds(1));
        rounds(asked, 50);
      }

      assertEquals(before, trace(witness));
    }
  }

  @Test
  void an_engine_that_watches_the_workers_of_another_writes_nothing() throws Exception {
    var worker = store.manual();
    worker.enqueue(MAIL);
    var lease = worker.claim(ClaimRequest.of("mail")).getFirst();
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    try (var witness = store.connect()) {
      quern.tick();
      var before = trace(witness);

      for (int second = 0; second < 60; second++) {
        store.clock.advance(Duration.ofSeconds(1));
        quern.tick();
      }

      assertEquals(before, trace(witness));
    }
    assertTrue(lease.complete());
  }

  private static void rounds(AtomicLong asked, long more) {
    long until = asked.get() + more;
    TestStore.eventually(() -> asked.get() > until);
  }

  /// Jobs that are done, far away, of paused kinds, or served by nobody.
  private static void leaveSomethingOfEverything(Quern quern) {
    quern.kinds().pause("fax", "no paper");
    quern.kinds().policy("old", policy -> policy.retired(true));
    quern.enqueueAll(
        List.of(
            MAIL.delay(Duration.ofDays(1)),
            NewJob.json("fax", "1"),
            NewJob.json("old", "1"),
            NewJob.json("unserved", "1"),
            NewJob.json("done", "1")));
    assertTrue(quern.claim(ClaimRequest.of("done")).getFirst().complete());
  }

  /// What any commit would change: as another connection sees it, and on the disk.
  private List<Long> trace(Connection witness) throws SQLException, IOException {
    try (var statement = witness.createStatement();
        var version = statement.executeQuery("pragma data_version")) {
      var wal = Path.of(store.file() + "-wal");
      return List.of(
          version.getLong(1),
          Files.size(store.file()),
          Files.size(wal),
          Files.getLastModifiedTime(wal).toMillis());
    }
  }
}
