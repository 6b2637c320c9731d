package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventsTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private final BlockingQueue<JobEvent> heard = new LinkedBlockingQueue<>();

  @Test
  void a_life_is_told_in_order() throws InterruptedException {
    var quern =
        store
            .manual()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  if (context.attempt() == 1) {
                    throw new IllegalStateException("down");
                  }
                })
            .start();
    quern.kinds().policy("mail", policy -> policy.backoff(Backoff.constant(Duration.ofMinutes(1))));
    quern.listen(heard::add);
    var start = store.clock.instant();
    long id = quern.enqueue(MAIL).id();
    quern.tick();
    store.clock.advance(Duration.ofMinutes(1));
    quern.tick();

    var later = start.plusSeconds(60);
    assertEquals(
        List.of(
            new JobEvent(id, "mail", Transition.CLAIM, JobState.RUNNING, 1, start),
            new JobEvent(id, "mail", Transition.RETRY, JobState.SCHEDULED, 1, start),
            new JobEvent(id, "mail", Transition.RIPEN, JobState.READY, 1, later),
            new JobEvent(id, "mail", Transition.CLAIM, JobState.RUNNING, 2, later),
            new JobEvent(id, "mail", Transition.COMPLETE, JobState.DONE, 2, later)),
        take(5));
  }

  @Test
  void what_is_done_by_hand_and_from_outside_is_told_too() throws InterruptedException {
    var quern = store.manual();
    var claim = ClaimRequest.of("mail");
    quern.listen(heard::add);
    long id = quern.enqueue(MAIL).id();

    quern.claim(claim).getFirst().defer(Duration.ofMinutes(1), "not yet");
    store.clock.advance(Duration.ofMinutes(1));
    quern.claim(claim).getFirst().handBack();
    quern.claim(claim);
    store.clock.advance(Duration.ofMinutes(2));
    quern.tick();
    quern.jobs().cancel(id, "no longer wanted");
    quern.jobs().requeue(id);
    quern.claim(claim).getFirst().fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
    quern.jobs().requeue(id);
    var lease = quern.claim(claim).getFirst();
    quern.jobs().cancel(id, "no longer wanted");
    lease.handBack();

    assertEquals(
        List.of(
            Transition.CLAIM,
            Transition.DEFER,
            Transition.RIPEN,
            Transition.CLAIM,
            Transition.HAND_BACK,
            Transition.CLAIM,
            Transition.RECLAIM,
            Transition.CANCEL,
            Transition.REQUEUE,
            Transition.CLAIM,
            Transition.FAIL,
            Transition.REQUEUE,
            Transition.CLAIM,
            Transition.CANCEL),
        take(14).stream().map(JobEvent::transition).toList());
  }

  @Test
  void a_job_completed_in_its_handlers_transaction_is_told_once() throws InterruptedException {
    var quern =
        store
            .manual()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  try (var connection = store.connect()) {
                    connection.setAutoCommit(false);
                    context.complete(connection);
                    connection.commit();
                  }
                })
            .start();
    quern.listen(heard::add);
    quern.enqueueAll(List.of(MAIL, MAIL));
    quern.tick();
    quern.jobs().requeue(1);

    assertEquals(
        List.of(
            Transition.CLAIM,
            Transition.CLAIM,
            Transition.COMPLETE,
            Transition.COMPLETE,
            Transition.REQUEUE,
            Transition.CLAIM),
        take(6).stream().map(JobEvent::transition).toList());
  }

  @Test
  void the_events_of_many_jobs_come_in_the_order_of_their_commits() throws InterruptedException {
    var quern = store.open().handle("mail", Integer.class, (_, _) -> {}).start();
    quern.listen(heard::add);
    quern.enqueueAll(Stream.generate(() -> MAIL).limit(500).toList());

    var events = take(1_000);

    for (long id = 1; id <= 500; id++) {
      long job = id;
      assertEquals(
          List.of(Transition.CLAIM, Transition.COMPLETE),
          events.stream().filter(event -> event.jobId() == job).map(JobEvent::transition).toList());
    }
  }

  @Test
  void an_event_is_told_after_its_commit() throws InterruptedException {
    var quern = store.open().handle("mail", Integer.class, (_, _) -> {}).start();
    var states = new LinkedBlockingQueue<JobState>();
    quern.listen(event -> {
      if (event.transition() == Transition.COMPLETE) {
        states.add(quern.jobs().get(event.jobId()).orElseThrow().state());
      }
    });

    quern.enqueue(MAIL);

    assertEquals(JobState.DONE, states.poll(10, TimeUnit.SECONDS));
  }

  @Test
  void a_closed_listener_hears_no_more_and_one_that_fails_goes_on() throws Exception {
    var log = Logger.getLogger("dev.quern.core.Listeners");
    log.setLevel(Level.OFF); // The failure on purpose is no news.
    var quern = store.manual();
    var closed = new LinkedBlockingQueue<JobEvent>();
    var listening = quern.listen(closed::add);
    quern.listen(event -> {
      heard.add(event);
      throw new IllegalStateException("this listener is broken on purpose");
    });
    quern.enqueueAll(List.of(MAIL, MAIL));
    quern.jobs().cancel(1, "");
    assertEquals(1, closed.poll(10, TimeUnit.SECONDS).jobId());

    listening.close();
    listening.close();
    quern.jobs().cancel(2, "");

    assertEquals(List.of(1L, 2L), take(2).stream().map(JobEvent::jobId).toList());
    assertTrue(closed.isEmpty());
    log.setLevel(null);
  }

  @Test
  void what_another_engine_does_is_not_told_here() throws InterruptedException {
    var here = store.manual();
    var elsewhere = store.manual();
    here.listen(heard::add);
    here.enqueueAll(List.of(MAIL, MAIL));

    elsewhere.jobs().cancel(1, "");
    here.jobs().cancel(2, "");

    assertEquals(List.of(2L), take(1).stream().map(JobEvent::jobId).toList());
  }

  private List<JobEvent> take(int count) throws InterruptedException {
    var events = new ArrayList<JobEvent>();
    for (int i = 0; i < count; i++) {
      var event = heard.poll(10, TimeUnit.SECONDS);
      assertTrue(event != null, "only " + events);
      events.add(event);
    }
    assertTrue(heard.isEmpty(), "more than " + count + ": " + heard);
    return events;
  }
}
