package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FailureTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  /// A payload.
  record Mail(String to) {}

  @Test
  void an_exception_is_a_transient_failure_and_the_job_is_tried_again() {
    var quern =
        handling((_, _) -> {
          throw new IOException("connection reset");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.SCHEDULED, job.state());
    assertEquals(1, job.attempts());
    assertEquals(
        Optional.of(new Failure(FailureClass.TRANSIENT, "IOException", "connection reset")),
        job.failure());
    assertTrue(job.availableAt().isAfter(store.clock.instant()));
  }

  @Test
  void an_attempt_keeps_the_stack_trace_of_its_failure() {
    var quern =
        handling((_, _) -> {
          throw new IOException("connection reset");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var attempt = quern.jobs().attempts(id).getFirst();
    assertEquals(Outcome.FAILED, attempt.outcome());
    assertEquals(1, attempt.number());
    var trace = attempt.failure().orElseThrow().trace();
    assertTrue(trace.startsWith("java.io.IOException: connection reset"), trace);
    assertTrue(trace.contains("FailureTest"), trace);
    assertTrue(trace.length() <= Failure.TRACE_LIMIT);
  }

  @Test
  void with_all_attempts_spent_the_job_fails() {
    var quern =
        handling((_, _) -> {
          throw new IOException("down");
        });
    long id = quern.enqueue(MAIL).id();

    for (int attempt = 1; attempt < 5; attempt++) {
      quern.tick();
      assertEquals(JobState.SCHEDULED, state(quern, id), "after attempt " + attempt);
      store.clock.advance(Duration.ofHours(2));
    }
    quern.tick();

    assertEquals(JobState.FAILED, state(quern, id));
    assertEquals(
        List.of(1, 2, 3, 4, 5), quern.jobs().attempts(id).stream().map(Attempt::number).toList());
    assertEquals(1, quern.jobs().counts().of(JobState.FAILED));
  }

  @Test
  void a_kind_or_a_job_may_have_fewer_or_more_attempts() {
    var quern =
        handling((_, _) -> {
          throw new IOException("down");
        });
    quern.kinds().policy("mail", policy -> policy.maxAttempts(2));
    long asKind = quern.enqueue(MAIL).id();
    long fewer = quern.enqueue(MAIL.maxAttempts(1)).id();
    long more = quern.enqueue(MAIL.maxAttempts(3)).id();

    var failedAfter = new ArrayList<List<Boolean>>();
    for (int attempt = 1; attempt <= 3; attempt++) {
      quern.tick();
      failedAfter.add(List.of(failed(quern, fewer), failed(quern, asKind), failed(quern, more)));
      store.clock.advance(Duration.ofHours(2));
    }

    assertEquals(
        List.of(List.of(true, false, false), List.of(true, true, false), List.of(true, true, true)),
        failedAfter);
  }

  @Test
  void an_unrecoverable_failure_fails_the_job_at_once() {
    var quern =
        handling((_, _) -> {
          throw JobFailedException.unrecoverable("smtp_550", "no such mailbox");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.FAILED, job.state());
    assertEquals(1, job.attempts());
    assertEquals(Optional.of(store.clock.instant()), job.endedAt());
    assertEquals(
        Optional.of(new Failure(FailureClass.UNRECOVERABLE, "smtp_550", "no such mailbox")),
        job.failure());
  }

  @Test
  void the_wait_doubles_with_each_failure_up_to_a_cap() {
    var quern =
        handling((_, _) -> {
          throw new IOException("down");
        });
    quern
        .kinds()
        .policy(
            "mail",
            policy ->
                policy
                    .maxAttempts(8)
                    .backoff(new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(10), false)));
    long id = quern.enqueue(MAIL).id();

    var waits = new ArrayList<Long>();
    for (int attempt = 1; attempt < 8; attempt++) {
      quern.tick();
      var due = quern.jobs().get(id).orElseThrow().availableAt();
      waits.add(Duration.between(store.clock.instant(), due).toMinutes());
      store.clock.advance(Duration.between(store.clock.instant(), due));
    }

    assertEquals(List.of(1L, 2L, 4L, 8L, 10L, 10L, 10L), waits);
  }

  @Test
  void a_failure_may_bring_its_own_delay() {
    var quern =
        handling((_, _) -> {
          throw JobFailedException.retryAfter(Duration.ofSeconds(7), "http_429", "slow down");
        });
    long id = quern.enqueue(MAIL).id();
    Instant now = store.clock.instant();

    quern.tick();

    assertEquals(now.plusSeconds(7), quern.jobs().get(id).orElseThrow().availableAt());
  }

  @Test
  void a_handler_says_code_and_message_of_a_failure_that_may_pass() {
    var quern =
        handling((_, _) -> {
          throw JobFailedException.retry("smtp_421", "try later");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(
        Optional.of(new Failure(FailureClass.TRANSIENT, "smtp_421", "try later")),
        quern.jobs().get(id).orElseThrow().failure());
  }

  @Test
  void a_classifier_decides_the_class_of_the_exceptions_that_it_knows() {
    var quern =
        store.manual(
            store
                .config()
                .classifier(thrown ->
                    thrown instanceof FileNotFoundException
                        ? Optional.of(FailureClass.UNRECOVERABLE)
                        : Optional.empty()));
    quern
        .handle(
            "mail",
            Integer.class,
            (i, _) -> {
              throw i == 1 ? new FileNotFoundException("gone") : new IOException("down");
            })
        .start();
    long known = quern.enqueue(MAIL).id();
    long unknown = quern.enqueue(NewJob.json("mail", "2")).id();

    quern.tick();

    assertEquals(JobState.FAILED, state(quern, known));
    assertEquals(JobState.SCHEDULED, state(quern, unknown));
  }

  @Test
  void a_classifier_that_fails_itself_leaves_the_failure_transient() {
    var quern =
        store.manual(
            store
                .config()
                .classifier(_ -> {
                  throw new IllegalStateException("the classifier is broken");
                }));
    quern
        .handle(
            "mail",
            Integer.class,
            (_, _) -> {
              throw new IOException("down");
            })
        .start();
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.SCHEDULED, state(quern, id));
    assertEquals(
        FailureClass.TRANSIENT,
        quern.jobs().get(id).orElseThrow().failure().orElseThrow().failureClass());
  }

  @Test
  void an_unreadable_payload_is_unrecoverable_and_the_handler_is_not_called() {
    var called = new ArrayList<Mail>();
    var quern = store.manual().handle("mail", Mail.class, (mail, _) -> called.add(mail)).start();
    long id = quern.enqueue(NewJob.json("mail", "{\"to\": 42}")).id();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(JobState.FAILED, job.state());
    var failure = job.failure().orElseThrow();
    assertEquals(FailureClass.UNRECOVERABLE, failure.failureClass());
    assertTrue(failure.message().startsWith("the payload does not fit Mail: "), failure.message());
    assertTrue(failure.message().contains("to"), failure.message());
    assertEquals(List.of(), called);
  }

  @Test
  void an_error_is_a_failure_like_any_other_and_the_next_job_runs() {
    var errors =
        List.<Error>of(
            new AssertionError("wrong"),
            new OutOfMemoryError("pretended"),
            new NoClassDefFoundError("gone/Missing"));
    var quern =
        handling((i, _) -> {
          if (i < errors.size()) {
            throw errors.get(i);
          }
        });
    for (int i = 0; i <= errors.size(); i++) {
      quern.enqueue(NewJob.json("mail", "" + i));
    }

    assertEquals(errors.size() + 1, quern.tick());

    assertEquals(errors.size(), quern.jobs().counts().of(JobState.SCHEDULED));
    assertEquals(1, quern.jobs().counts().of(JobState.DONE));
  }

  @Test
  void a_handler_that_overflows_its_stack_fails_and_its_slot_is_free_again() {
    var quern =
        store
            .open(store.config().concurrency(1))
            .handle("deep", Integer.class, (i, _) -> dive(i))
            .handle("mail", Integer.class, (_, _) -> {});
    long deep = quern.enqueue(NewJob.json("deep", "1")).id();
    long next = quern.enqueue(MAIL).id();

    quern.start();

    assertTrue(quern.jobs().await(next, Duration.ofSeconds(10)).isPresent());
    var failure = quern.jobs().get(deep).orElseThrow().failure().orElseThrow();
    assertEquals("StackOverflowError", failure.code());
  }

  private static int dive(int depth) {
    return depth == 0 ? 0 : 1 + dive(depth + 1);
  }

  @Test
  void an_exception_that_cannot_even_be_described_is_a_failure_all_the_same() {
    var quern =
        handling((_, _) -> {
          throw new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
              throw new UnsupportedOperationException("no message");
            }
          };
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.SCHEDULED, state(quern, id));
  }

  @Test
  void an_exception_without_message_or_name_is_described_by_its_class() {
    var quern =
        handling((i, _) -> {
          throw i == 1
              ? new IOException()
              : new IOException() {
                private static final long serialVersionUID = 1L;
              };
        });
    long named = quern.enqueue(MAIL).id();
    long anonymous = quern.enqueue(NewJob.json("mail", "2")).id();

    quern.tick();

    var ofNamed = quern.jobs().get(named).orElseThrow().failure().orElseThrow();
    assertEquals("IOException", ofNamed.code());
    assertEquals("java.io.IOException", ofNamed.message());
    var ofAnonymous = quern.jobs().get(anonymous).orElseThrow().failure().orElseThrow();
    assertFalse(ofAnonymous.code().isEmpty());
  }

  @Test
  void the_texts_of_a_failure_are_cut_to_their_limits_and_cleaned() {
    var failure =
        new Failure(FailureClass.TRANSIENT, "c".repeat(100), "m\0\uD834" + "m".repeat(9_000), "t");
    var quern = store.manual();
    long id = quern.enqueue(MAIL).id();

    assertTrue(quern.claim(ClaimRequest.of("mail")).getFirst().fail(failure));

    var kept = quern.jobs().get(id).orElseThrow().failure().orElseThrow();
    assertEquals(Failure.CODE_LIMIT, kept.code().length());
    assertEquals(Failure.MESSAGE_LIMIT, kept.message().length());
    assertTrue(kept.message().startsWith("m\uFFFD\uFFFDm"), kept.message());
    assertEquals("t", quern.jobs().attempts(id).getFirst().failure().orElseThrow().trace());
  }

  @Test
  void a_job_that_failed_and_then_succeeded_has_all_its_attempts() {
    var quern =
        handling((_, context) -> {
          if (context.attempt() < 3) {
            throw new IOException("down " + context.attempt());
          }
        });
    long id = quern.enqueue(MAIL).id();

    for (int i = 0; i < 3; i++) {
      quern.tick();
      store.clock.advance(Duration.ofHours(2));
    }

    var attempts = quern.jobs().attempts(id);
    assertEquals(
        List.of(Outcome.FAILED, Outcome.FAILED, Outcome.DONE),
        attempts.stream().map(Attempt::outcome).toList());
    assertEquals("down 2", attempts.get(1).failure().orElseThrow().message());
    assertEquals(List.of(1L, 2L, 3L), attempts.stream().map(Attempt::fence).toList());
  }

  private Quern handling(Handler<Integer> handler) {
    return store.manual().handle("mail", Integer.class, handler).start();
  }

  private static boolean failed(Quern quern, long id) {
    return state(quern, id) == JobState.FAILED;
  }

  private static JobState state(Quern quern, long id) {
    return quern.jobs().get(id).orElseThrow().state();
  }
}
