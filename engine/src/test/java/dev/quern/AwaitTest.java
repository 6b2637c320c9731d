package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AwaitTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void an_ended_job_is_there_at_once() {
    var quern = store.open();
    long id = quern.enqueue(MAIL).id();
    quern.jobs().cancel(id, "");

    assertEquals(quern.jobs().get(id), quern.jobs().await(id, Duration.ZERO));
  }

  @Test
  void the_end_of_a_job_wakes_all_who_wait_for_it() throws Exception {
    var release = new CountDownLatch(1);
    var quern =
        store
            .open()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  release.await();
                  context.result("sent");
                })
            .start();
    long id = quern.enqueue(MAIL).id();
    var first = later(() -> quern.jobs().await(id, PATIENCE));
    var second = later(() -> quern.jobs().await(id, PATIENCE));

    release.countDown();

    var job = first.get(10, TimeUnit.SECONDS).orElseThrow();
    assertEquals(JobState.DONE, job.state());
    assertEquals(Optional.of("\"sent\""), job.result());
    assertEquals(Optional.of(job), second.get(10, TimeUnit.SECONDS));
  }

  @Test
  void every_way_to_end_is_an_end() {
    var quern = store.open();
    for (JobState end : new JobState[] {JobState.DONE, JobState.FAILED, JobState.CANCELLED}) {
      long id = quern.enqueue(MAIL).id();
      var lease = quern.claim(ClaimRequest.of("mail")).getFirst();
      var waiting = later(() -> quern.jobs().await(id, PATIENCE));
      switch (end) {
        case DONE -> lease.complete();
        case FAILED -> lease.fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
        default -> {
          lease.handBack();
          quern.jobs().cancel(id, "");
        }
      }

      assertEquals(Optional.of(end), waiting.join().map(Job::state));
    }
  }

  @Test
  void an_end_that_another_process_records_is_noticed() {
    var here = store.open();
    var elsewhere = store.open().handle("mail", Integer.class, (_, _) -> {});
    long id = here.enqueue(MAIL).id();
    var waiting = later(() -> here.jobs().await(id, PATIENCE));

    elsewhere.start();

    assertEquals(Optional.of(JobState.DONE), waiting.join().map(Job::state));
  }

  @Test
  void a_job_that_does_not_end_in_time_is_an_empty_answer() {
    var quern = store.open();
    long id = quern.enqueue(MAIL).id();

    assertEquals(Optional.empty(), quern.jobs().await(id, Duration.ofMillis(20)));
  }

  @Test
  void a_job_that_never_was_is_an_empty_answer_at_once() {
    var quern = store.open();

    assertEquals(Optional.empty(), quern.jobs().await(42, Duration.ofDays(1)));
  }

  @Test
  void one_may_be_willing_to_wait_for_ever() {
    var quern = store.open().handle("mail", Integer.class, (_, _) -> {}).start();
    long id = quern.enqueue(MAIL).id();

    assertTrue(quern.jobs().await(id, ChronoUnit.FOREVER.getDuration()).isPresent());
  }

  @Test
  void a_failed_attempt_is_not_yet_the_end() {
    var quern = store.open();
    long id = quern.enqueue(MAIL).id();
    var waiting = later(() -> quern.jobs().await(id, PATIENCE));
    var claim = ClaimRequest.of("mail");

    quern.claim(claim).getFirst().fail(new Failure(FailureClass.TRANSIENT, "down", "down"));
    store.clock.advance(Duration.ofHours(1));
    TestStore.eventually(() -> quern.jobs().counts().of(JobState.READY) == 1);
    quern.claim(claim).getFirst().complete();

    assertEquals(Optional.of(JobState.DONE), waiting.join().map(Job::state));
  }

  @Test
  void an_interrupt_ends_the_wait_and_is_kept() throws Exception {
    var quern = store.open();
    long id = quern.enqueue(MAIL).id();
    var outcome = new CompletableFuture<Boolean>();
    var waiting =
        Thread.startVirtualThread(() -> {
          var job = quern.jobs().await(id, Duration.ofDays(1));
          outcome.complete(job.isEmpty() && Thread.currentThread().isInterrupted());
        });

    waiting.interrupt();

    assertTrue(outcome.get(10, TimeUnit.SECONDS));
  }

  @Test
  void a_manual_engine_runs_what_is_due_and_does_not_wait() {
    var quern = store.manual().handle("mail", Integer.class, (_, _) -> {}).start();
    long due = quern.enqueue(MAIL).id();
    long later = quern.enqueue(MAIL.delay(Duration.ofHours(1))).id();

    assertEquals(
        Optional.of(JobState.DONE), quern.jobs().await(due, Duration.ZERO).map(Job::state));
    assertEquals(Optional.empty(), quern.jobs().await(later, Duration.ofDays(1)));
  }

  private static <T> CompletableFuture<T> later(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
  }
}
