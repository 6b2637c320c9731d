package dev.quern.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Backoff;
import dev.quern.Handler;
import dev.quern.JobFailedException;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Quern;
import dev.quern.Run;
import dev.quern.RunLine;
import dev.quern.RunStatus;
import dev.quern.support.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Runs that are killed again and again at random moments, until they finish.
///
/// A kill is an image of the store, taken while lines go in or handlers work, and opened as a new
/// store: what the killed life did afterwards has never happened.
@Timeout(120)
class RunCrashTest {
  private static final int ROUNDS = 25;
  private static final int LINES_LIMIT = 60;

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private int images;

  @Test
  void no_line_is_lost_or_doubled_however_often_a_run_is_killed() {
    long seed = Long.getLong("quern.seed", new Random().nextLong());
    System.out.println("RunCrashTest: -Dquern.seed=" + seed);
    Random random = new Random(seed);

    for (int round = 0; round < ROUNDS; round++) {
      List<String> lines = lines(random);
      Optional<Path> image = Optional.of(directory.resolve("round-" + round));
      while (image.isPresent()) {
        image = live(image.get(), lines, random);
      }
    }
  }

  private static List<String> lines(Random random) {
    return IntStream.range(0, random.nextInt(LINES_LIMIT))
        .mapToObj(_ -> random.nextBoolean() ? "good" : random.nextBoolean() ? "bad" : "")
        .toList();
  }

  /// One life; returns the image with which the next one begins, unless this one finished.
  private Optional<Path> live(Path file, List<String> lines, Random random) {
    try (Quern quern = Quern.manual(file, clock);
        Run run = quern.runs().open(Life.SPEC)) {
      Killer killer = new Killer(quern, random);
      Set<Long> before = over(quern);
      quern.kinds().policy("run:sums", RunCrashTest::policy);
      compare(quern, run, lines);
      quern.handle("run:sums", String.class, handler(killer, before));
      quern.start();
      takeIn(quern, run, lines, random, killer);
      List<Long> given = finish(quern, run, killer);
      if (killer.image.isEmpty()) {
        checkFinished(quern, run, lines);
        checkGiven(given, before, lines.size());
      }
      return killer.image;
    }
  }

  private static KindPolicy policy(KindPolicy policy) {
    return policy
        .maxAttempts(2)
        .backoff(Backoff.constant(Duration.ZERO))
        .chargesLosses(false)
        .keepsEnded(true);
  }

  /// The lines whose end is in the store.
  private static Set<Long> over(Quern quern) {
    return quern.runs().lines("sums", 0, 1_000).stream()
        .filter(line -> line.state().ended())
        .map(RunLine::line)
        .collect(Collectors.toSet());
  }

  private static void compare(Quern quern, Run run, List<String> lines) {
    RunStatus books = quern.runs().find("sums").orElseThrow();
    run.take(lines.subList(0, (int) books.lines()));
    if (books.complete()) {
      run.end();
    }
    assertTrue(run.caughtUp());
  }

  /// Fails `bad` lines, and any that had ended.
  private static Handler<String> handler(Killer killer, Set<Long> before) {
    return (line, context) -> {
      killer.perhaps();
      if (before.contains(killer.line(context.jobId()))) {
        throw JobFailedException.unrecoverable("twice", "a line that had ended ran again");
      }
      if (line.equals("bad")) {
        throw new IllegalStateException();
      }
    };
  }

  private void takeIn(Quern quern, Run run, List<String> lines, Random random, Killer killer) {
    int from = (int) run.progress().lines();
    while (from < lines.size()) {
      int to = from + 1 + random.nextInt(lines.size() - from);
      run.take(lines.subList(from, to));
      from = to;
      killer.perhaps();
      if (random.nextBoolean()) {
        quern.tick();
      }
    }
    run.end();
    killer.perhaps();
  }

  /// Works to the end; returns the lines that were given, as often as they were.
  private List<Long> finish(Quern quern, Run run, Killer killer) {
    List<Long> given = new ArrayList<>();
    for (boolean finished = false; !finished; finished = run.finished()) {
      clock.advance(Duration.ofSeconds(1));
      quern.tick();
      for (List<RunLine> page = run.nextEnded(); !page.isEmpty(); page = run.nextEnded()) {
        page.forEach(line -> given.add(line.line()));
        killer.perhaps();
      }
    }
    return given;
  }

  private static void checkGiven(List<Long> given, Set<Long> before, int lines) {
    List<Long> ended =
        LongStream.rangeClosed(1, lines).boxed().filter(line -> !before.contains(line)).toList();
    assertEquals(ended, given.stream().sorted().toList());
  }

  private static void checkFinished(Quern quern, Run run, List<String> lines) {
    List<RunLine> books = quern.runs().lines("sums", 0, 1_000);
    assertEquals(lines.size(), books.size());
    for (int i = 0; i < lines.size(); i++) {
      boolean bad = lines.get(i).equals("bad");
      assertEquals(i + 1, books.get(i).line());
      assertEquals(bad ? JobState.FAILED : JobState.DONE, books.get(i).state());
      assertEquals(bad ? 2 : 1, books.get(i).attempts(), "a kill was charged");
    }
    assertEquals(lines.size(), run.progress().ended());
    assertEquals(lines.size(), new TreeSet<>(books.stream().map(RunLine::jobId).toList()).size());
  }

  /// Takes an image now and then: the first one of a life is its end.
  private final class Killer {
    private final Quern quern;
    private final Random random;
    private Optional<Path> image = Optional.empty();

    Killer(Quern quern, Random random) {
      this.quern = quern;
      this.random = random;
    }

    long line(long jobId) {
      return quern.runs().lines("sums", 0, 1_000).stream()
          .filter(line -> line.jobId() == jobId)
          .findFirst()
          .orElseThrow()
          .line();
    }

    void perhaps() {
      if (image.isEmpty() && random.nextInt(40) == 0) {
        image = Optional.of(directory.resolve("image-" + images++));
        quern.backup(image.get());
      }
    }
  }
}
