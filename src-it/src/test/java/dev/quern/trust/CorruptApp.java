package dev.quern.trust;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobFailedException;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import dev.quern.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Makes a database, or uses damaged ones as an application and a person at the command line do,
/// and says for each what became of it:
///
/// | line | meaning |
/// |---|---|
/// | `begin N` | looks at the N-th |
/// | `N detected WHERE MESSAGE` | somebody was told: `open`, `use`, or only the `doctor` |
/// | `N right` | all answers are right |
/// | `N wrong PREFIX\|VALUES\|OTHER WHAT` | an answer is wrong, and nobody was told |
/// | `N fault WHAT` | what must never be: a raw exception, a hang, a job acknowledged in spite of all |
final class CorruptApp {
  /// How many jobs a database has; the first half was there when it was closed last.
  static final int JOBS = 240;

  private static final String DONE = "fine";
  private static final String FAILED = "bad";
  private static final String READY = "later";
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int PASSAGE = 200;
  private static final Duration LOOK = Duration.ofMillis(5);

  /// Held, because loggers that nobody holds forget their level.
  private static final List<Logger> LOGGERS =
      List.of(Logger.getLogger("dev.quern"), Logger.getLogger("org.sqlite"));

  private final int number;
  private final Path database;
  private Optional<String> detected = Optional.empty();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int missing;
  private int present;
  private boolean gap;
  private boolean other;
  private boolean opened;

  private CorruptApp(int number, Path database) {
    this.number = number;
    this.database = database;
  }

  /// Takes `make DATABASE NAME close|halt`, or `use BASES IMAGE SEED DAMAGES NUMBER…`: the
  /// directory of the databases that were made, where an image of one is put, and which images.
  public static void main(String[] args) throws Exception {
    if (args[0].equals("make")) {
      make(Path.of(args[1]), args[2], args[3].equals("close"));
      return;
    }
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF));
    Images images = new Images(Path.of(args[1]), Long.parseLong(args[3]), Images.kinds(args[4]));
    Path image = Path.of(args[2]);
    for (String word : List.of(args).subList(5, args.length)) {
      System.out.println("begin " + word);
      int i = Integer.parseInt(word);
      System.out.println(new CorruptApp(i, images.make(i, image)).use());
    }
  }

  // ---- making

  private static void make(Path database, String name, boolean closed) {
    try (Quern quern = Quern.open(database)) {
      fill(quern, name, 0, JOBS / 2);
    }
    Quern quern = Quern.open(database);
    fill(quern, name, JOBS / 2, JOBS);
    if (closed) {
      quern.close();
    }
    Runtime.getRuntime().halt(0);
  }

  private static String kind(int i) {
    return switch (i % 4) {
      case 0 -> READY;
      case 1 -> FAILED;
      default -> DONE;
    };
  }

  private static String payload(String name, int i) {
    return name + i + " " + "x".repeat(i % 7 == 0 ? 1_500 : i % 50);
  }

  private static void fill(Quern quern, String name, int from, int to) {
    handle(quern, DONE, FAILED);
    for (int i = from; i < to; i++) {
      quern.enqueue(NewJob.of(kind(i), payload(name, i)).tags("tag" + i % 5));
    }
    for (long id = from + 1; id <= to; id++) {
      if (!kind((int) id - 1).equals(READY)) {
        quern.jobs().await(id, LIMIT);
      }
    }
  }

  private static void handle(Quern quern, String... kinds) {
    for (String kind : kinds) {
      quern.handle(
          kind,
          String.class,
          (_, context) -> {
            if (kind.equals(FAILED)) {
              throw new JobFailedException(
                  new Failure(FailureClass.UNRECOVERABLE, "bad", "as it must"));
            }
            context.result("result " + context.jobId());
          });
    }
    quern.start();
  }

  // ---- using

  private String use() {
    try (Quern quern = Quern.open(database, QuernConfig.DEFAULT.grace(LOOK))) {
      opened = true;
      read(quern);
      work(quern);
      quern.unusable().ifPresent(this::detect);
      checkRefused(quern);
    } catch (StoreException refusal) {
      detect(refusal);
    } catch (Throwable raw) {
      faults.add("raw " + raw + " at " + List.of(raw.getStackTrace()).subList(0, 3));
    }
    command("stats");
    command("jobs", "--limit", "300");
    String doctor = command("doctor");
    if (detected.isEmpty() && doctor.contains("fail  ")) {
      detected =
          Optional.of(
              "doctor "
                  + doctor.substring(doctor.indexOf("fail  ")).lines().findFirst().orElse(""));
    }
    return number + " " + verdict();
  }

  private void detect(StoreException fault) {
    if (fault.getMessage().lines().count() != 1) {
      faults.add("not one line: " + fault.getMessage());
    }
    detected = detected.or(() -> Optional.of((opened ? "use " : "open ") + fault.getMessage()));
  }

  private String verdict() {
    if (!faults.isEmpty()) {
      return "fault " + String.join("; ", faults).replace('\n', ' ');
    }
    if (detected.isPresent()) {
      return "detected " + detected.get();
    }
    if (wrong.isEmpty()) {
      return "right";
    }
    String what = other ? "OTHER" : missing > 0 ? gap ? "OTHER" : "PREFIX" : "VALUES";
    return "wrong " + what + " " + wrong.size() + ", " + wrong.getFirst();
  }

  // ---- reading

  /// Reads each job and compares it with what was told.
  private void read(Quern quern) {
    for (int i = 0; i < JOBS; i++) {
      try {
        compare(i, quern.jobs().get(i + 1));
      } catch (StoreException fault) {
        detect(fault);
      }
    }
  }

  private void compare(int i, Optional<Job> found) {
    if (found.isEmpty()) {
      missing++;
      wrong.add("job " + (i + 1) + " is missing");
      return;
    }
    present++;
    gap |= missing > 0;
    Job job = found.get();
    String expected = "\"" + payload("this", i) + "\"";
    if (!job.payload().equals(expected) || !job.kind().equals(kind(i))) {
      wrong.add("job " + (i + 1) + " has another payload or kind");
      // A page that is not whole ends in zeros.
      other |= !same(job.payload(), expected) && !job.payload().startsWith("\"this" + i + " ");
    }
    if (job.state() != state(kind(i))) {
      wrong.add("job " + (i + 1) + " is " + job.state().label());
    }
  }

  /// Whether two texts differ in one short passage only.
  private static boolean same(String one, String two) {
    int shorter = Math.min(one.length(), two.length());
    int start = 0;
    while (start < shorter && one.charAt(start) == two.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && one.charAt(one.length() - 1 - end) == two.charAt(two.length() - 1 - end)) {
      end++;
    }
    return Math.max(one.length(), two.length()) - start - end <= PASSAGE;
  }

  private static JobState state(String kind) {
    return switch (kind) {
      case READY -> JobState.READY;
      case FAILED -> JobState.FAILED;
      default -> JobState.DONE;
    };
  }

  // ---- working

  private void work(Quern quern) {
    try {
      handle(quern, READY);
      long id = quern.enqueue(NewJob.of(READY, "new")).id();
      boolean worked = awaitWorked(quern, id);
      if (!worked && quern.unusable().isEmpty()) {
        wrong.add("a new job does not end");
        other = true;
      }
    } catch (StoreException fault) {
      detect(fault);
    }
  }

  /// Waits until the new job has ended, and all others that were ready.
  private static boolean awaitWorked(Quern quern, long id) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    boolean worked = false;
    while (!worked && quern.unusable().isEmpty() && System.nanoTime() < deadline) {
      Optional<Job> ended = quern.jobs().await(id, LOOK);
      worked =
          ended.filter(job -> job.state() == JobState.DONE).isPresent()
              && quern.jobs().counts().of(READY, JobState.READY) == 0;
    }
    return worked;
  }

  /// Once it is known that the file is damaged, nothing is acknowledged any more; unless all of it
  /// was read and nothing is wrong with it, as when what was damaged has been written anew.
  private void checkRefused(Quern quern) {
    if (quern.unusable().isPresent()
        || detected.filter(text -> text.contains("not a usable")).isPresent()) {
      try {
        quern.enqueue(NewJob.of(READY, "too late"));
      } catch (StoreException refusal) {
        // As it must be.
        return;
      }
      if (damaged(quern)) {
        faults.add("acknowledged although " + detected);
      }
    }
  }

  private static boolean damaged(Quern quern) {
    try {
      return !quern.health(true).problems().isEmpty();
    } catch (StoreException found) {
      return true;
    }
  }

  // ---- the command line

  private String command(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--db", database.toString()));
    int exit = Main.run(all.toArray(String[]::new), InputStream.nullInputStream(), out, err);
    String said = err.toString(StandardCharsets.UTF_8);
    if (exit != 0 && exit != 1 || said.contains("\tat ") || said.lines().count() > 1) {
      faults.add("quern " + words[0] + " ended with " + exit + ": " + said);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
