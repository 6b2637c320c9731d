package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Transactions of callers that stay open for long, that are misused, and in which a job is
/// completed more than once.
class LongTransactionTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void who_waits_for_a_long_transaction_goes_on_when_it_ends() throws Exception {
    var quern = store.open();
    try (var connection = begin()) {
      quern.enqueue(connection, MAIL);
      var waiting = CompletableFuture.supplyAsync(() -> quern.enqueue(MAIL));
      assertEquals(0, quern.jobs().counts().of("mail", JobState.READY), "reads go on");

      connection.commit();

      assertTrue(waiting.get(10, TimeUnit.SECONDS).isNew());
      assertEquals(2, quern.jobs().counts().of("mail", JobState.READY));
    }
  }

  @Test
  void who_cannot_wait_any_longer_is_told_why_and_nothing_is_changed() throws Exception {
    var quern = impatient();
    try (var connection = begin()) {
      quern.enqueue(connection, MAIL);
      var told = new ArrayList<String>();
      for (int i = 0; i < 3; i++) {
        var waiting = CompletableFuture.supplyAsync(() -> refusal(quern));
        told.add(waiting.get(10, TimeUnit.SECONDS));
      }
      connection.rollback();

      for (String message : told) {
        assertTrue(message.contains("another connection holds the write lock of"), message);
      }
    }
    assertEquals(0, quern.jobs().counts().of("mail", JobState.READY));
    assertTrue(quern.enqueue(MAIL).isNew(), "afterwards all is well");
  }

  @Test
  void a_transaction_that_only_reads_holds_nobody_up() throws Exception {
    var quern = impatient().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.enqueue(MAIL.delay(Duration.ofDays(1)));
    try (var connection = begin();
        var statement = connection.createStatement()) {
      statement.executeQuery("select * from quern_job").close();

      long id = quern.enqueue(MAIL).id();

      assertTrue(quern.jobs().await(id, Duration.ofSeconds(10)).isPresent());
    }
  }

  @Test
  void the_other_form_inside_ones_own_transaction_is_refused_and_the_transaction_goes_on()
      throws Exception {
    var quern = impatient();
    try (var connection = begin()) {
      long inside = quern.enqueue(connection, MAIL).id();

      String message = refusal(quern);

      assertTrue(message.contains("inside your own transaction use enqueue(connection, job)"));
      quern.enqueue(connection, MAIL);
      connection.commit();
      assertTrue(quern.jobs().get(inside).isPresent());
    }
    assertEquals(2, quern.jobs().counts().of("mail", JobState.READY));
  }

  @Test
  void a_handler_that_leaves_its_transaction_open_delays_the_end_of_its_job_and_no_more()
      throws Exception {
    var left = new ArrayList<Connection>();
    var returned = new CountDownLatch(1);
    var quern =
        impatient()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  var connection = begin();
                  left.add(connection);
                  assertTrue(context.complete(connection));
                  returned.countDown();
                })
            .start();
    long id = quern.enqueue(MAIL).id();
    assertTrue(returned.await(10, TimeUnit.SECONDS));

    left.getFirst().close();
    TestStore.eventually(() -> {
      store.clock.advance(Duration.ofMillis(100));
      return state(quern, id) == JobState.DONE;
    });

    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void a_job_is_completed_once_however_often_its_handler_does() throws SQLException {
    var held = new ArrayList<Boolean>();
    var quern =
        store
            .manual()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  context.enqueue(NewJob.json("log", "1"));
                  try (var connection = begin()) {
                    held.add(context.complete(connection));
                    held.add(context.complete(connection));
                    connection.commit();
                    held.add(context.complete(connection));
                    connection.commit();
                  }
                })
            .start();
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(List.of(true, false, false), held);
    assertEquals(JobState.DONE, state(quern, id));
    assertEquals(1, quern.jobs().counts().of("log", JobState.READY), "one follow-up");
    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void what_was_completed_and_rolled_back_is_completed_in_the_next_transaction() {
    var quern =
        store
            .manual()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  context.enqueue(NewJob.json("log", "1"));
                  try (var connection = begin()) {
                    assertTrue(context.complete(connection));
                    connection.rollback();
                    assertTrue(context.complete(connection));
                    connection.commit();
                  }
                })
            .start();
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.DONE, state(quern, id));
    assertEquals(1, quern.jobs().counts().of("log", JobState.READY), "one follow-up");
  }

  private Quern impatient() {
    return store.open(store.config().busyTimeout(Duration.ofMillis(50)));
  }

  private static String refusal(Quern quern) {
    return assertThrows(StoreException.Busy.class, () -> quern.enqueue(MAIL)).getMessage();
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }

  private Connection begin() throws SQLException {
    var connection = store.connect();
    connection.setAutoCommit(false);
    return connection;
  }
}
