package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quern.it.Processes.Ended;
import dev.quern.it.RunLedger.Recorded;
import dev.quern.it.RunLedger.Told;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.support.Finding;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quern run`, killed again and again at any moment, and each time started again with the same
/// words.
///
/// Its programs keep a ledger, of which Quern knows nothing. `-Dquern.seed=N` repeats a test,
/// `-Dtrust=long` kills more often.
class RunKillIT {
  private static final int KILLS = Trust.size(12, 300);
  private static final int LINES = Trust.size(300, 6_000);
  private static final long SEED = Trust.seed("RunKillIT");

  private static final long LINE_NANOS = 5_000_000;

  /// Every 7th line fails once, every 11th for good, and four never end before the last life. While
  /// a program of a line lives, or one of its children, it holds the lock of the line.
  private static final String PROGRAM =
      """
      exec 9>> "lock.$1"
      flock -n 9 || printf 'overlap %s %s\\n' "$1" "$$" >> ledger
      printf 'start %s %s\\n' "$1" "$$" >> ledger
      sleep "0.0$(($1 % 10))"
      case $1 in 9 | 49 | 89 | 129) [ -e last ] || sleep 100 ;; esac
      printf 'end %s %s\\n' "$1" "$$" >> ledger
      [ "$(($1 % 11))" != 0 ] || exit 65
      [ "$(($1 % 7))" != 0 ] || [ "${QUERN_ATTEMPT:-2}" -gt 1 ] || exit 1
      printf 'result of %s\\n' "$1"
      """;

  private static final String[] WORDS = {
    "run", "r", "--json", "--jobs", "6", "--backoff", "50ms", "--exec", PROGRAM
  };

  private static final String MAIN = "dev.quern.cli.Main";

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final Random random = new Random(SEED);
  private final List<Running> lives = new ArrayList<>();
  private final RunLedger ledger = new RunLedger();
  private Place place;
  private int survivors;

  @BeforeEach
  void here() {
    assumeTrue(Processes.exists("flock", "--version"), "skipped: there is no flock here");
    place = new Place(directory);
  }

  @AfterEach
  void killSurvivors() throws Exception {
    for (Running life : lives) {
      life.close();
    }
  }

  @Test
  void no_line_is_lost_or_run_twice_at_once_or_run_again_after_its_end() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      startAndKill();
    }
    place.put("last", "");
    Ended last = live().end();
    ledger.lifeEnded(entries(), recorded(), told(last));

    assertEquals(List.of(), ledger.faults(), "seed " + SEED);
    assertEquals(1, last.exit(), "some lines fail for good: " + last.err());
    assertResults();
    assertEquals(LINES, place.number("select count(*) from quern_job"), "none taken in twice");
    assertTrue(ledger.cutShort() > 0, "no kill hit a program: this proves nothing");
    assertTrue(survivors > 0, "no program survived its run: this proves nothing");
    new Finding(
            "RunKillIT",
            "kill -9 of quern run, alone and with its programs",
            KILLS,
            "%,d lines, %,d programs".formatted(LINES, ledger.starts()),
            new Finding.Verdict(0, 0, ledger.faults().size(), ledger.cutShort()),
            Long.toString(SEED),
            teeth())
        .tell(startedAt);
  }

  /// Kills a run that leaves alone what it finds alive, once.
  private String teeth() throws Exception {
    Path mutant =
        Mutant.make(
            directory.resolve("mutant"),
            Processes.JAR.toString(),
            "program/Reaper.java",
            "List<ProcessId> living = hunt.living(look());",
            "List<ProcessId> living = List.of();");
    Place broken = new Place(Files.createDirectories(directory.resolve("broken")));
    startBroken(mutant, broken, "start 9 ");
    lives.getLast().kill();
    startBroken(mutant, broken, "overlap 9 ");
    lives.getLast().kill();
    return "spares survivors: line 9 ran twice at once after 1 kill";
  }

  private void startBroken(Path mutant, Place broken, String awaited) throws Exception {
    List<String> main =
        List.of("--enable-native-access=ALL-UNNAMED", "-cp", mutant + ":" + Processes.JAR, MAIN);
    Running running = Running.start(broken.directory(), Map.of(), Processes.java(main, WORDS));
    lives.add(running);
    running.feed(Place.numbers(9).getBytes(StandardCharsets.UTF_8));
    Processes.await(awaited, () -> Processes.text(broken.file("ledger")).contains(awaited));
  }

  private Running live() throws Exception {
    Running running = place.open(WORDS);
    lives.add(running);
    long known = place.number("select lines from quern_run");
    Thread.startVirtualThread(() -> feed(running, known));
    return running;
  }

  /// Gives the known lines at once and the others one by one, so that kills hit the intake too.
  private static void feed(Running running, long known) {
    for (int line = 1; line <= LINES && running.alive(); line++) {
      running.write(line + "\n");
      if (line > known) {
        LockSupport.parkNanos(LINE_NANOS);
      }
    }
    running.closeInput();
  }

  private void startAndKill() throws Exception {
    int before = entries().size();
    Running running = live();
    if (random.nextInt(4) > 0) {
      Processes.await("a program", () -> entries().size() > before || !running.alive());
    }
    Thread.sleep(random.nextInt(500));
    if (random.nextBoolean()) {
      running.kill();
    } else {
      running.signalGroup("KILL");
    }
    Ended killed = running.end();
    ledger.lifeEnded(entries(), recorded(), told(killed));
    survivors += (int) ledger.open().stream().filter(RunKillIT::alive).count();
    if (random.nextInt(4) == 0) {
      assertEquals(recorded(), byLine(told(place.quern("results", "r", "--json"))));
    }
  }

  private static boolean alive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  // ---- what is there

  private List<String> entries() {
    return Processes.text(place.file("ledger")).lines().toList();
  }

  private static final String RECORDED =
      """
      select line, state, attempts
        from quern_run_line join quern_job on quern_job.id = job_id
       where ended_at is not null
      """;

  /// The ends in the books, read past Quern and without any change, so that it finds all as it was
  /// killed.
  private Map<Integer, Recorded> recorded() throws SQLException {
    Map<Integer, Recorded> recorded = new TreeMap<>();
    if (place.number("select count(*) from sqlite_schema where name = 'quern_run_line'") == 0) {
      return recorded;
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + place.database() + "?mode=ro");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(RECORDED)) {
      while (rows.next()) {
        recorded.put(rows.getInt(1), new Recorded(rows.getString(2), rows.getLong(3)));
      }
    }
    return recorded;
  }

  /// What a process has printed whole.
  private static List<Told> told(Ended ended) {
    String out = ended.out();
    return Place.json(out.substring(0, out.lastIndexOf('\n') + 1)).stream()
        .map(line -> new Told(number(line, "line"), end(line)))
        .toList();
  }

  private static Recorded end(JsonObject line) {
    return new Recorded(text(line, "state"), number(line, "attempts"));
  }

  private static int number(JsonObject line, String name) {
    return Math.toIntExact(((JsonNumber) line.get(name).orElseThrow()).longValue());
  }

  private static String text(JsonObject line, String name) {
    return ((JsonString) line.get(name).orElseThrow()).value();
  }

  private static Map<Integer, Recorded> byLine(List<Told> told) {
    return new TreeMap<>(told.stream().collect(Collectors.toMap(Told::line, Told::end)));
  }

  /// Every line is there once, in order, with the end that it must have; no kill was charged.
  private void assertResults() throws Exception {
    List<JsonObject> lines = Place.json(place.quern("results", "r", "--json").out());
    assertEquals(LINES, lines.size());
    for (int i = 0; i < LINES; i++) {
      JsonObject line = lines.get(i);
      int number = i + 1;
      assertEquals(number, number(line, "line"));
      assertEquals(expected(number), end(line), "line " + number);
      if (number % 11 != 0) {
        assertEquals("result of " + number + "\n", text(line, "result"));
      }
    }
  }

  private static Recorded expected(int line) {
    if (line % 11 == 0) {
      return new Recorded("failed", 1);
    }
    return new Recorded("done", line % 7 == 0 ? 2 : 1);
  }

  // ---- the teeth

  private static final Recorded DONE = new Recorded("done", 1);

  @Test
  void two_programs_of_a_line_at_the_same_time_are_found() throws Exception {
    List<String> words = List.of("sh", "-c", PROGRAM, "sh", "9");
    lives.add(Running.start(directory, Map.of(), words));
    Processes.await("the first program", () -> entries().size() == 1);
    lives.add(Running.start(directory, Map.of(), words));
    Processes.await("the second program", () -> entries().size() == 3);

    ledger.lifeEnded(entries(), Map.of(), List.of());

    assertEquals(1, ledger.faults().size());
    assertTrue(ledger.faults().getFirst().startsWith("line 9 runs twice at the same time"));
  }

  @Test
  void a_program_that_ends_after_the_next_has_begun_is_found() {
    ledger.lifeEnded(List.of("start 1 10", "start 1 20", "end 1 10"), Map.of(), List.of());

    assertEquals(List.of("line 1 ends in 10 while another program is at it"), ledger.faults());
  }

  @Test
  void a_line_that_runs_again_after_its_end_is_found() {
    List<String> first = List.of("start 1 10", "end 1 10");
    List<String> second = List.of("start 1 10", "end 1 10", "start 1 20", "end 1 20");
    ledger.lifeEnded(first, Map.of(1, DONE), List.of());
    ledger.lifeEnded(second, Map.of(1, DONE), List.of());

    assertEquals(List.of("line 1 runs again after its end was recorded"), ledger.faults());
  }

  @Test
  void an_end_that_is_lost_or_was_never_recorded_is_found() {
    ledger.lifeEnded(List.of("start 1 10", "end 1 10"), Map.of(1, DONE), List.of());
    ledger.lifeEnded(List.of("start 1 10", "end 1 10"), Map.of(), List.of(new Told(2, DONE)));

    assertEquals(2, ledger.faults().size(), ledger.faults()::toString);
  }
}
