package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

class CompletionTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  /// A result.
  record Sent(String to, int parts) {}

  @Test
  void a_handler_that_returns_completes_its_job() {
    var quern = handling((_, _) -> store.clock.advance(Duration.ofSeconds(3)));
    long id = quern.enqueue(MAIL).id();
    var enqueuedAt = store.clock.instant();

    assertEquals(1, quern.tick());

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.DONE, job.state());
    assertEquals(Optional.of(enqueuedAt), job.startedAt());
    assertEquals(Optional.of(enqueuedAt.plusSeconds(3)), job.endedAt());
    assertEquals(Optional.empty(), job.leaseUntil());
    assertEquals(Optional.empty(), job.result());
    assertEquals(Optional.empty(), job.failure());
    assertEquals(1, job.attempts());
  }

  @Test
  void the_attempt_that_ended_well_is_in_the_history() {
    var quern = handling((_, _) -> store.clock.advance(Duration.ofSeconds(3)));
    long id = quern.enqueue(MAIL).id();
    var enqueuedAt = store.clock.instant();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(
        List.of(
            new Attempt(
                id,
                1,
                1,
                job.owner().orElseThrow(),
                enqueuedAt,
                enqueuedAt.plusSeconds(3),
                Outcome.DONE,
                Optional.empty(),
                Optional.empty())),
        quern.jobs().attempts(id));
  }

  @Test
  void a_record_or_json_text_is_kept_as_the_result() {
    var quern =
        handling((i, context) -> {
          if (i == 1) {
            context.result("replaced by the next");
            context.result(new Sent("a@example.com", 2));
          } else {
            context.resultJson("[1, 2]");
          }
        });
    long first = quern.enqueue(MAIL).id();
    long second = quern.enqueue(NewJob.json("mail", "2")).id();

    quern.tick();

    assertEquals(
        Optional.of("{\"to\":\"a@example.com\",\"parts\":2}"),
        quern.jobs().get(first).orElseThrow().result());
    assertEquals(Optional.of("[1, 2]"), quern.jobs().get(second).orElseThrow().result());
  }

  @Test
  void a_result_that_is_not_json_or_too_long_is_refused_where_it_is_given() {
    var tooLong = "x".repeat(JobContext.RESULT_LIMIT - 1);
    var refused = new ArrayList<String>();
    var quern =
        handling((_, context) -> {
          refused.add(refusal(() -> context.resultJson("[1,")));
          refused.add(refusal(() -> context.resultJson('"' + tooLong + '"')));
          refused.add(refusal(() -> context.result(tooLong)));
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(3, refused.size());
    var start = "result of %,d bytes: at most ".formatted(JobContext.RESULT_LIMIT + 1);
    assertTrue(refused.get(1).startsWith(start), refused.get(1));
    assertEquals(refused.get(1), refused.get(2));
    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.DONE, job.state());
    assertEquals(Optional.empty(), job.result());
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void a_failed_attempt_leaves_no_result() {
    var quern =
        handling((_, context) -> {
          context.result("half");
          throw new IllegalStateException("no");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(Optional.empty(), quern.jobs().get(id).orElseThrow().result());
  }

  @Test
  void follow_ups_are_enqueued_when_the_job_is_completed() {
    var quern =
        handling((_, context) -> {
          context.enqueue(NewJob.json("log", "1").tags("after"));
          context.enqueue(NewJob.json("log", "2").dedupeKey("once"));
          context.enqueue(NewJob.json("log", "3").dedupeKey("once"));
        });
    quern.enqueue(MAIL);

    quern.tick();

    var jobs = quern.jobs().list(JobFilter.ALL.kind("log")).jobs();
    assertEquals(List.of("2", "1"), jobs.stream().map(Job::payload).toList());
  }

  @Test
  void follow_ups_of_a_failed_attempt_are_not_enqueued() {
    var quern =
        handling((_, context) -> {
          context.enqueue(NewJob.json("log", "1"));
          throw new IllegalStateException("no");
        });
    quern.enqueue(MAIL);

    quern.tick();

    assertEquals(List.of(), quern.jobs().list(JobFilter.ALL.kind("log")).jobs());
  }

  @Test
  void a_follow_up_is_checked_where_it_is_given() {
    var quern =
        handling((_, context) ->
            assertThrows(
                IllegalArgumentException.class, () -> context.enqueue(NewJob.json("log", "{"))));
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.DONE, state(quern, id));
  }

  @Test
  void a_lease_is_completed_with_a_result_and_follow_ups() {
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();

    assertTrue(lease.complete("{\"ok\": true}", List.of(NewJob.json("log", "1"))));

    assertEquals(Optional.of("{\"ok\": true}"), quern.jobs().get(id).orElseThrow().result());
    assertEquals(1, quern.jobs().counts().of("log", JobState.READY));
  }

  @Test
  void a_lost_lease_enqueues_no_follow_ups() {
    var quern = store.manual();
    quern.enqueue(MAIL);
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();
    lease.handBack();

    assertFalse(lease.complete("1", List.of(NewJob.json("log", "1"))));

    assertEquals(0, quern.jobs().counts().of("log", JobState.READY));
  }

  @Test
  void a_job_is_completed_inside_the_transaction_of_its_handler() throws SQLException {
    var quern =
        handling((quern_, context) -> {
          try (var connection = begin()) {
            execute(connection, "create table sent (id integer)");
            context.result("by hand");
            context.enqueue(NewJob.json("log", "1"));
            assertTrue(context.complete(connection));
            assertEquals(JobState.RUNNING, state(context), "before the commit");

            connection.commit();

            assertEquals(JobState.DONE, state(context), "after the commit");
            assertEquals(1, counted("mail", JobState.DONE), "before the handler returns");
            assertEquals(0, counted("mail", JobState.RUNNING));
          }
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.DONE, job.state());
    assertEquals(Optional.of("\"by hand\""), job.result());
    assertEquals(1, quern.jobs().counts().of("mail", JobState.DONE));
    assertEquals(1, quern.jobs().counts().of("log", JobState.READY), "one follow-up, not two");
    assertEquals(1, quern.jobs().attempts(id).size());
    assertEquals(0, uncounted(), "the engine has taken note of it");
  }

  @Test
  void after_a_rollback_the_job_is_settled_by_how_the_handler_ends() {
    var quern =
        handling((i, context) -> {
          try (var connection = begin()) {
            context.enqueue(NewJob.json("log", "" + i));
            assertTrue(context.complete(connection));
            connection.rollback();
          }
          if (i == 2) {
            throw new IllegalStateException("no");
          }
        });
    long returned = quern.enqueue(MAIL).id();
    long threw = quern.enqueue(NewJob.json("mail", "2")).id();

    quern.tick();

    assertEquals(JobState.DONE, state(quern, returned));
    assertEquals(JobState.SCHEDULED, state(quern, threw));
    var followUps = quern.jobs().list(JobFilter.ALL.kind("log")).jobs();
    assertEquals(List.of("1"), followUps.stream().map(Job::payload).toList());
    assertEquals(1, quern.jobs().counts().of("mail", JobState.DONE));
  }

  @Test
  void what_a_handler_throws_after_its_own_commit_changes_nothing() {
    var quern =
        handling((_, context) -> {
          commit(context);
          throw new IllegalStateException("too late");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.DONE, job.state());
    assertEquals(Optional.empty(), job.failure());
    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void others_have_nothing_to_do_while_a_handler_goes_on_after_its_own_commit() {
    var other = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    var quern =
        handling((_, context) -> {
          commit(context);
          store.clock.advance(Duration.ofSeconds(2));
          assertEquals(0, other.tick(), "it ends");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.DONE, state(quern, id));
  }

  @Test
  void a_job_that_its_handler_completed_can_be_requeued_before_the_handler_returns() {
    var runs = new ArrayList<Integer>();
    var quern =
        handling((_, context) -> {
          runs.add(context.attempt());
          commit(context);
          if (runs.size() == 1) {
            assertEquals(1, store.manual().jobs().requeue(context.jobId()).requeued());
          }
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(List.of(1, 1), runs);
    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
    assertEquals(2, quern.jobs().attempts(id).size());
  }

  @Test
  void a_job_that_its_handler_completed_can_be_deleted_before_the_handler_returns() {
    var quern =
        handling((_, context) -> {
          commit(context);
          assertTrue(store.manual().jobs().delete(context.jobId()));
        });
    quern.enqueue(MAIL);

    quern.tick();

    assertEquals(0, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void completing_on_a_connection_in_auto_commit_mode_is_refused() {
    var quern =
        handling((_, context) -> {
          try (var connection = store.connect()) {
            assertThrows(IllegalArgumentException.class, () -> context.complete(connection));
          }
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.DONE, state(quern, id));
  }

  @Test
  void the_idempotency_key_is_the_same_for_every_attempt_and_new_after_a_requeue() {
    var keys = new ArrayList<String>();
    var quern =
        handling((_, context) -> {
          keys.add(context.idempotencyKey());
          if (keys.size() < 3) {
            throw new IllegalStateException("again");
          }
        });
    long id = quern.enqueue(MAIL).id();
    for (int i = 0; i < 3; i++) {
      quern.tick();
      store.clock.advance(Duration.ofHours(2));
    }

    quern.jobs().requeue(id);
    quern.tick();

    assertEquals(4, keys.size());
    assertEquals(List.of(keys.get(0), keys.get(0)), keys.subList(1, 3));
    assertNotEquals(keys.get(0), keys.get(3));
  }

  @Test
  void a_job_that_was_requeued_before_its_first_attempt_has_a_new_idempotency_key() {
    var keys = new ArrayList<String>();
    var withoutHandler = store.manual();
    long id = withoutHandler.enqueue(MAIL).id();
    withoutHandler.jobs().cancel(id, "not yet");
    withoutHandler.jobs().requeue(id);

    handling((_, context) -> keys.add(context.idempotencyKey())).tick();

    assertTrue(keys.getFirst().endsWith(":" + id + ":1"), keys.getFirst());
  }

  @Test
  void a_handler_sees_its_job() {
    var seen = new ArrayList<Object>();
    var quern = store.manual();
    quern.handle(
        "mail",
        Integer.class,
        (payload, context) ->
            seen.addAll(
                List.of(
                    payload,
                    context.jobId(),
                    context.kind(),
                    context.payload(),
                    context.attempt(),
                    context.fence(),
                    context.deadline(),
                    context.stopping())));
    quern.kinds().policy("mail", policy -> policy.timeout(Duration.ofSeconds(5)));
    long id = quern.start().enqueue(MAIL).id();

    quern.tick();

    var deadline = Optional.of(store.clock.instant().plusSeconds(5));
    assertEquals(List.of(1, id, "mail", "1", 1, 1L, deadline, false), seen);
  }

  private Quern handling(Handler<Integer> handler) {
    return store.manual().handle("mail", Integer.class, handler).start();
  }

  private long uncounted() throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      var rows =
          statement.executeQuery("select count(*) from quern_job where uncounted is not null");
      return rows.getLong(1);
    }
  }

  private void commit(JobContext context) throws SQLException {
    try (var connection = begin()) {
      assertTrue(context.complete(connection));
      connection.commit();
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

  /// As another process sees it.
  private JobState state(JobContext context) {
    return state(store.manual(), context.jobId());
  }

  private long counted(String kind, JobState state) {
    return store.manual().jobs().counts().of(kind, state);
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
