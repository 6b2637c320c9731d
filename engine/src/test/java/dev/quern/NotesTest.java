package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NotesTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void progress_and_log_are_written_with_the_end() {
    var quern =
        handling((_, context) -> {
          context.progress(0.25, "a quarter");
          context.log("first");
          store.clock.advance(Duration.ofMillis(7));
          context.log("second");
          context.progress(0.5, "half");
        });
    long id = quern.enqueue(MAIL).id();
    var begun = store.clock.instant();

    quern.tick();

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(Optional.of(0.5), job.progress());
    assertEquals(Optional.of("half"), job.note());
    assertEquals(
        List.of(
            new LogLine(1, 0, begun, "first"), new LogLine(1, 1, begun.plusMillis(7), "second")),
        quern.jobs().log(id));
  }

  @Test
  void they_are_written_within_a_second_while_the_handler_goes_on() throws Exception {
    var begun = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var quern =
        store
            .open()
            .handle(
                "mail",
                Integer.class,
                (_, context) -> {
                  context.progress(0.5, "half");
                  context.log("still at it");
                  begun.countDown();
                  release.await();
                  context.log("done");
                })
            .start();
    long id = quern.enqueue(MAIL).id();
    begun.await();
    assertEquals(List.of(), quern.jobs().log(id));

    store.clock.advance(Duration.ofSeconds(1));

    TestStore.eventually(() -> quern.jobs().log(id).size() == 1);
    assertEquals(Optional.of("half"), quern.jobs().get(id).orElseThrow().note());
    assertEquals(JobState.RUNNING, quern.jobs().get(id).orElseThrow().state());
    release.countDown();
    quern.jobs().await(id, Duration.ofSeconds(10)).orElseThrow();
    assertEquals(
        List.of("still at it", "done"), quern.jobs().log(id).stream().map(LogLine::text).toList());
  }

  @Test
  void every_way_to_end_an_attempt_keeps_its_log() {
    var quern =
        handling((_, context) -> {
          context.log("attempt under fence " + context.fence());
          switch ((int) context.fence()) {
            case 1 -> throw new IllegalStateException("down");
            case 2 -> throw new JobDeferredException(Duration.ofMinutes(1), "not yet");
            case 3 -> throw JobFailedException.unrecoverable("bad", "bad");
            default -> {}
          }
        });
    long id = quern.enqueue(MAIL).id();
    for (int i = 0; i < 3; i++) {
      quern.tick();
      store.clock.advance(Duration.ofHours(2));
    }
    quern.jobs().requeue(id);
    quern.tick();

    assertEquals(
        List.of(1L, 2L, 3L, 4L), quern.jobs().log(id).stream().map(LogLine::fence).toList());
  }

  @Test
  void a_log_holds_a_thousand_lines_of_an_attempt() {
    var quern =
        handling(
            (lines, context) -> IntStream.range(0, lines).forEach(i -> context.log("line " + i)));
    long fits = quern.enqueue(NewJob.json("mail", "1000")).id();
    long more = quern.enqueue(NewJob.json("mail", "5000")).id();

    quern.tick();

    var kept = quern.jobs().log(fits);
    assertEquals(JobContext.LOG_LINES_LIMIT, kept.size());
    assertEquals("line 999", kept.getLast().text());
    var cut = quern.jobs().log(more);
    assertEquals("line 999", cut.get(999).text());
    assertEquals("… further lines are dropped: the log holds 1,000", cut.getLast().text());
    assertEquals(JobContext.LOG_LINES_LIMIT + 1, cut.size());
  }

  @Test
  void long_lines_and_notes_are_cut_and_cleaned() {
    var quern =
        handling((_, context) -> {
          context.log("a\0b\uD834" + "x".repeat(1 << 20));
          context.progress(1, "y".repeat(1 << 20));
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    var line = quern.jobs().log(id).getFirst().text();
    assertEquals(JobContext.LOG_LINE_LIMIT, line.length());
    assertTrue(line.startsWith("a\uFFFDb\uFFFDx"), line.substring(0, 9));
    assertEquals(
        Failure.MESSAGE_LIMIT, quern.jobs().get(id).orElseThrow().note().orElseThrow().length());
  }

  @Test
  void progress_is_between_nothing_and_all() {
    var quern =
        handling((_, context) -> {
          for (double bad : new double[] {-0.01, 1.01, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> context.progress(bad, ""), bad + "");
          }
          context.progress(0, "");
          context.progress(1, "");
        });
    long id = quern.enqueue(MAIL).id();

    quern.tick();

    assertEquals(JobState.DONE, quern.jobs().get(id).orElseThrow().state());
    assertEquals(Optional.of(1.0), quern.jobs().get(id).orElseThrow().progress());
  }

  @Test
  void a_requeue_starts_without_progress_and_keeps_the_log() {
    var quern =
        handling((_, context) -> {
          context.progress(0.9, "nearly");
          context.log("once");
        });
    long id = quern.enqueue(MAIL).id();
    quern.tick();
    quern.kinds().pause("mail", "to look");

    quern.jobs().requeue(id);

    var job = quern.jobs().get(id).orElseThrow();
    assertEquals(Optional.empty(), job.progress());
    assertEquals(Optional.empty(), job.note());
    assertEquals(1, quern.jobs().log(id).size());
  }

  private Quern handling(Handler<Integer> handler) {
    return store.manual().handle("mail", Integer.class, handler).start();
  }
}
