package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.it.Processes.Ended;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases damaged in every way there is, opened and worked on in processes of their own: either
/// somebody is told, in one line that says what to do, or all answers are right; a file that is
/// known to be damaged acknowledges nothing; nothing crashes or hangs.
///
/// What SQLite cannot see is counted, and told: it has no checksums of pages, so a value that has
/// changed and still is a value goes unnoticed; and a log with a damaged frame is to it a log that
/// ended before, so that the latest commits are missing as if they had never been.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` damages more.
class CorruptIT {
  private static final int IMAGES = Trust.size(192, 10_000);
  private static final int MUTANT_IMAGES = 30;
  private static final int ROUNDS = 12;
  private static final int BATCH = 500;

  private static final Pattern ANSWER = Pattern.compile("(\\d+) (right|detected|wrong|fault)(.*)");

  @TempDir Path directory;

  private Path place;

  /// What became of an image.
  private record Outcome(int number, Damage damage, String word, String text) {
    boolean starts(String start) {
      return (word + " " + text).startsWith(start);
    }
  }

  @BeforeEach
  void makeBases() throws Exception {
    make("open", "this", "halt");
    make("closed", "this", "close");
    make("other", "that", "halt");
    // Nothing here is about flushing, and memory flushes quickly.
    Path memory = Path.of("/dev/shm");
    place = Files.createTempDirectory(Files.isWritable(memory) ? memory : directory, "quern-it-");
  }

  @AfterEach
  void clear() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(place);
  }

  private void make(String place, String name, String end) throws Exception {
    Path database = Files.createDirectories(directory.resolve(place)).resolve("app.db");
    Ended ended =
        Processes.run(
            directory,
            "",
            Child.java(directory, CorruptApp.class, "make", database.toString(), name, end));
    assertEquals(0, ended.exit(), ended.err());
  }

  // ---- damaging

  private List<Outcome> damaged(Images images, List<Integer> numbers, List<Path> mutants)
      throws Exception {
    Map<Integer, String> answers = use(images, numbers, mutants);
    return numbers.stream().map(i -> outcome(i, images.damage(i), answers.get(i))).toList();
  }

  private static Outcome outcome(int number, Damage damage, String answer) {
    Matcher found = ANSWER.matcher(answer == null ? "0 fault no answer" : answer);
    assertTrue(found.matches(), answer);
    return new Outcome(number, damage, found.group(2), found.group(3).strip());
  }

  /// Makes and uses the images in another process, which may not crash.
  private Map<Integer, String> use(Images images, List<Integer> numbers, List<Path> mutants)
      throws Exception {
    try (Running running = Running.start(directory, Map.of(), words(images, numbers, mutants))) {
      Ended ended = running.end();
      assertEquals(0, ended.exit(), "after " + last(ended) + ": " + ended.err());
      assertEquals("", ended.err(), "standard error");
      return ended
          .out()
          .lines()
          .filter(line -> ANSWER.matcher(line).matches())
          .collect(
              Collectors.toMap(
                  line -> Integer.valueOf(line.substring(0, line.indexOf(' '))), line -> line));
    }
  }

  private List<String> words(Images images, List<Integer> numbers, List<Path> mutants) {
    List<String> arguments =
        new ArrayList<>(
            List.of("use", images.bases().toString(), place.toString(), "" + images.seed()));
    arguments.add(Images.word(images.kinds()));
    numbers.forEach(number -> arguments.add(number.toString()));
    return Child.java(
        directory,
        mutants,
        CorruptApp.class,
        List.of("-XX:ErrorFile=" + directory.resolve("crash")),
        arguments.toArray(String[]::new));
  }

  private static String last(Ended ended) {
    return ended.out().lines().reduce((_, next) -> next).orElse("nothing");
  }

  // ---- judging

  @Test
  void damage_is_told_of_or_harms_no_answer() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("CorruptIT");
    List<Outcome> outcomes = new ArrayList<>();
    Images images = new Images(directory, seed, List.of(Damage.values()));
    for (int from = 0; from < IMAGES; from += BATCH) {
      List<Integer> numbers = range(from, Math.min(IMAGES, from + BATCH));
      outcomes.addAll(damaged(images, numbers, List.of()));
    }

    outcomes.forEach(CorruptIT::check);
    assertTrue(count(outcomes, "detected use") > 0, "no damage met the engine at work");
    assertTrue(count(outcomes, "detected doctor") > 0, "no damage was left to the doctor");
    tell(outcomes, images, startedAt);
  }

  /// A change of a value passes for a value; the end of a log passes for its end; a file that is
  /// sound passes for the one that was there.
  private static void check(Outcome outcome) {
    Damage damage = outcome.damage();
    boolean invisible =
        outcome.text().startsWith("VALUES")
            || outcome.text().startsWith("PREFIX") && damage.ofLog()
            || damage.replaces();
    assertTrue(
        outcome.word().equals("right")
            || outcome.word().equals("detected")
            || outcome.word().equals("wrong") && invisible,
        outcome::toString);
  }

  private static long count(List<Outcome> outcomes, String start) {
    return outcomes.stream().filter(outcome -> outcome.starts(start)).count();
  }

  private static long wrong(List<Outcome> outcomes, Predicate<Damage> of) {
    return outcomes.stream()
        .filter(outcome -> outcome.starts("wrong ") && !outcome.starts("wrong VALUES"))
        .filter(outcome -> of.test(outcome.damage()))
        .count();
  }

  private void tell(List<Outcome> outcomes, Images images, long startedAt) throws Exception {
    String checked =
        "%,d images: %d refused at open, %d found at work, %d by the doctor, %d harmless; not to be"
                .formatted(
                    outcomes.size(),
                    count(outcomes, "detected open"),
                    count(outcomes, "detected use"),
                    count(outcomes, "detected doctor"),
                    count(outcomes, "right"))
            + " seen by SQLite: %d changed values, %d shortened logs, %d files of others"
                .formatted(
                    count(outcomes, "wrong VALUES"),
                    wrong(outcomes, Damage::ofLog),
                    wrong(outcomes, Damage::replaces));
    new Finding(
            "CorruptIT",
            "files flipped, cut, zeroed, swapped and replaced",
            outcomes.size(),
            checked,
            Verdict.CLEAN,
            Long.toString(images.seed()),
            teeth(outcomes, images))
        .tell(startedAt);
  }

  // ---- the teeth

  /// The same images again, in an engine that does not remember damage, with a doctor that does not
  /// look.
  private String teeth(List<Outcome> outcomes, Images images) throws Exception {
    Path forgetful =
        mutant("store/Faults.java", "ruin = Optional.of(why);", "ruin = Optional.empty();");
    Path blind =
        mutant(
            "core/HealthTable.java",
            ".filter(line -> !line.equals(\"ok\"))",
            ".filter(_ -> false)");
    Bites atWork = bites(outcomes, images, "detected use", forgetful, "fault acknowledged");
    Bites byDoctor = bites(outcomes, images, "detected doctor", blind, "right", "wrong");
    return "without the memory of damage %s files acknowledged jobs in spite of it,"
            .formatted(atWork)
        + " without the integrity check %s went unseen".formatted(byDoctor);
  }

  /// How many of the images that were given to a mutant it took for sound.
  private record Bites(long taken, long given) {
    Bites plus(Bites more) {
      return new Bites(taken + more.taken, given + more.given);
    }

    @Override
    public String toString() {
      return taken + " of " + given;
    }
  }

  /// Gives a mutant images that the engine told of, and more of them until it takes one for sound:
  /// it takes one in ten, and a short run may have none such.
  private Bites bites(
      List<Outcome> outcomes, Images images, String told, Path mutant, String... takes)
      throws Exception {
    Bites bites = bites(damaged(images, numbers(outcomes, told), List.of(mutant)), takes);
    for (int i = 0; bites.taken() == 0 && i < ROUNDS; i++) {
      int from = IMAGES + i * BATCH;
      List<Outcome> next = damaged(images, range(from, from + BATCH), List.of());
      next.forEach(CorruptIT::check);
      bites = bites.plus(bites(damaged(images, numbers(next, told), List.of(mutant)), takes));
    }
    assertTrue(bites.taken() > 0, told + " was needed for none of " + bites.given());
    return bites;
  }

  private static Bites bites(List<Outcome> tried, String... takes) {
    long taken =
        tried.stream().filter(outcome -> Stream.of(takes).anyMatch(outcome::starts)).count();
    return new Bites(taken, tried.size());
  }

  private static List<Integer> numbers(List<Outcome> outcomes, String start) {
    return outcomes.stream()
        .filter(outcome -> outcome.starts(start))
        .map(Outcome::number)
        .limit(MUTANT_IMAGES)
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private Path mutant(String source, String guard, String instead) throws IOException {
    Path at = directory.resolve("mutant-" + source.replace('/', '-'));
    return Mutant.make(at, Processes.JAR.toString(), source, guard, instead);
  }
}
