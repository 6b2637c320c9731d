package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CallerTransactionTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_job_commits_with_the_callers_own_work() throws SQLException {
    var quern = store.manual();
    try (var connection = begin()) {
      execute(connection, "create table orders (id integer)");
      execute(connection, "insert into orders values (42)");

      var enqueued = quern.enqueue(connection, MAIL.tags("red"));
      assertEquals(Optional.empty(), quern.jobs().get(enqueued.id()), "before the commit");

      connection.commit();
      var job = quern.jobs().get(enqueued.id()).orElseThrow();
      assertTrue(enqueued.isNew());
      assertEquals(JobState.READY, job.state());
      assertEquals(List.of("red"), job.tags());
      assertEquals(enqueued.id(), quern.claim(ClaimRequest.of("mail")).getFirst().jobId());
    }
  }

  @Test
  void a_job_rolls_back_with_the_callers_own_work() throws SQLException {
    var quern = store.manual();
    try (var connection = begin()) {
      quern.enqueue(connection, MAIL);

      connection.rollback();

      assertEquals(0, quern.jobs().counts().of(JobState.READY));
      assertEquals(List.of(), quern.claim(ClaimRequest.of("mail")));
    }
  }

  @Test
  void ids_go_on_after_a_rolled_back_transaction() throws SQLException {
    var quern = store.manual();
    long first = quern.enqueue(MAIL).id();
    try (var connection = begin()) {
      quern.enqueue(connection, NewJob.json("new-kind", "1"));
      connection.rollback();
    }
    long second = quern.enqueue(NewJob.json("other-new-kind", "2")).id();
    long third;
    try (var connection = begin()) {
      third = quern.enqueue(connection, NewJob.json("new-kind", "3")).id();
      connection.commit();
    }
    long fourth = quern.enqueue(MAIL).id();

    assertTrue(first < second && second < third && third < fourth);
    assertEquals("new-kind", quern.jobs().get(third).orElseThrow().kind());
    assertEquals("other-new-kind", quern.jobs().get(second).orElseThrow().kind());
  }

  @Test
  void several_jobs_come_in_one_call_and_a_refused_one_leaves_the_transaction_alone()
      throws SQLException {
    var quern = store.manual();
    try (var connection = begin()) {
      quern.enqueueAll(connection, List.of(MAIL, MAIL));
      assertThrows(
          IllegalArgumentException.class,
          () -> quern.enqueueAll(connection, List.of(MAIL, NewJob.json("mail", "{"))));
      connection.commit();
    }

    assertEquals(2, quern.jobs().counts().of("mail", JobState.READY));
  }

  @Test
  void a_connection_in_auto_commit_mode_is_refused() throws SQLException {
    var quern = store.manual();
    try (var connection = store.connect()) {
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> quern.enqueue(connection, MAIL));

      assertTrue(refusal.getMessage().contains("setAutoCommit(false)"), refusal.getMessage());
    }
    assertEquals(0, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_connection_to_another_database_is_refused() throws SQLException {
    var quern = store.manual();
    for (String other : List.of(":memory:", store.file() + "-other")) {
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + other)) {
        connection.setAutoCommit(false);

        var refusal =
            assertThrows(IllegalArgumentException.class, () -> quern.enqueue(connection, MAIL));

        assertTrue(refusal.getMessage().contains("the same file"), refusal.getMessage());
      }
    }
  }

  @Test
  void a_connection_through_a_link_is_one_to_the_same_database() throws SQLException, IOException {
    var quern = store.manual();
    var link = store.file().resolveSibling("link.db");
    Files.createSymbolicLink(link, store.file());
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + link)) {
      connection.setAutoCommit(false);
      quern.enqueue(connection, MAIL);
      connection.commit();
    }

    assertEquals(1, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_duplicate_of_a_live_job_gets_its_id() throws SQLException {
    var quern = store.manual();
    var keyed = MAIL.dedupeKey("welcome:42");
    long live = quern.enqueue(keyed).id();
    try (var connection = begin()) {
      assertEquals(new Enqueued(live, false), quern.enqueue(connection, keyed));

      var other = MAIL.dedupeKey("welcome:43");
      long own = quern.enqueue(connection, other).id();
      assertEquals(new Enqueued(own, false), quern.enqueue(connection, other));
      connection.commit();
      assertEquals(new Enqueued(own, false), quern.enqueue(other));
    }
    assertEquals(2, quern.jobs().counts().of(JobState.READY));
  }

  @Test
  void a_key_is_free_again_after_a_rollback() throws SQLException {
    var quern = store.manual();
    var keyed = MAIL.dedupeKey("welcome:42");
    try (var connection = begin()) {
      quern.enqueue(connection, keyed);
      connection.rollback();
    }

    assertTrue(quern.enqueue(keyed).isNew());
  }

  @Test
  void a_job_has_the_rank_of_its_kind_and_a_long_payload() throws SQLException {
    var quern = store.manual();
    quern.kinds().policy("mail", policy -> policy.rank(3));
    var payload = "\"" + "x".repeat(100_000) + "\"";
    try (var connection = begin()) {
      long id = quern.enqueue(connection, NewJob.json("mail", payload)).id();
      connection.commit();

      var job = quern.jobs().get(id).orElseThrow();
      assertEquals(3, job.priority());
      assertEquals(payload, job.payload());
    }
  }

  @Test
  void a_started_engine_runs_the_job_as_soon_as_it_is_committed() throws Exception {
    var ran = new Semaphore(0);
    var quern = store.open().handle("mail", Integer.class, (_, _) -> ran.release()).start();
    try (var connection = begin()) {
      for (int i = 0; i < 5; i++) {
        long id = quern.enqueue(connection, MAIL).id();
        connection.commit();

        assertTrue(ran.tryAcquire(10, TimeUnit.SECONDS));
        assertEquals(
            Optional.of(JobState.DONE),
            quern.jobs().await(id, Duration.ofSeconds(10)).map(Job::state));
      }
    }
  }

  @Test
  void a_started_engine_runs_a_delayed_job_when_it_is_due() throws Exception {
    var ran = new CountDownLatch(1);
    var quern = store.open().handle("mail", Integer.class, (_, _) -> ran.countDown()).start();
    try (var connection = begin()) {
      quern.enqueue(connection, MAIL.delay(Duration.ofMinutes(1)));
      connection.commit();
      store.clock.advance(Duration.ofMinutes(1));

      assertTrue(ran.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void a_busy_engine_does_not_make_the_callers_transactions_fail() throws Exception {
    var quern = store.open().handle("noise", Integer.class, (_, _) -> {}).start();
    var enough = new CountDownLatch(1);
    var noise =
        Thread.startVirtualThread(() -> {
          while (enough.getCount() > 0) {
            quern.enqueueEach(Stream.generate(() -> NewJob.json("noise", "1")).limit(50));
          }
        });
    try (var connection = begin()) {
      for (int i = 0; i < 200; i++) {
        quern.enqueue(connection, MAIL);
        connection.commit();
      }
    } finally {
      enough.countDown();
      noise.join();
    }

    assertEquals(200, quern.jobs().counts().of("mail", JobState.READY));
  }

  @Test
  void enqueuing_beside_ones_own_open_transaction_says_how_to_do_it_right() throws SQLException {
    var quern = store.manual(store.config().busyTimeout(Duration.ofMillis(20)));
    try (var connection = begin()) {
      quern.enqueue(connection, MAIL);

      var busy = assertThrows(StoreException.Busy.class, () -> quern.enqueue(MAIL));

      assertTrue(busy.getMessage().contains("use enqueue(connection, job)"), busy.getMessage());
      connection.commit();
    }
    assertFalse(quern.claim(ClaimRequest.of("mail").limit(2)).size() > 1, "nothing was changed");
  }

  @Test
  void a_tick_beside_ones_own_open_transaction_does_not_wait_for_ever() throws Exception {
    var quern = store.manual(store.config().busyTimeout(Duration.ofMillis(20)));
    quern.enqueue(MAIL.delay(Duration.ofMinutes(1)));
    store.clock.advance(Duration.ofMinutes(1));
    try (var connection = begin()) {
      execute(connection, "create table orders (id integer)");

      var outcome = new CountDownLatch(1);
      var ticking =
          Thread.startVirtualThread(() -> {
            try {
              quern.tick();
            } catch (StoreException.Busy busy) {
              outcome.countDown();
            }
          });

      boolean told = outcome.await(5, TimeUnit.SECONDS);
      connection.rollback();
      ticking.join();
      assertTrue(told, "tick() should say that another connection holds the write lock");
    }
  }

  private Connection begin() throws SQLException {
    var connection = store.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
