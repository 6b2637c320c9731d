package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.it.Processes;
import dev.quern.it.Processes.Ended;
import dev.quern.it.Running;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes under load that are asked to stop, once or twice, at any moment from their start on:
/// nothing is lost, nothing is charged, and they end in time.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` stops more often.
class StopIT {
  private static final int STOPS = Trust.size(4, 200);
  private static final int WORK_STOPS = Trust.size(2, 200);
  private static final int GRACE_MILLIS = 1_000;

  /// The grace, what interrupted handlers may take, and the start of a process on a full machine.
  private static final Duration END = Duration.ofSeconds(30);

  private static final Map<String, Integer> SIGNALS = Map.of("TERM", 143, "INT", 130);

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final long seed = Trust.seed("StopIT");
  private final Random random = new Random(seed);

  @Test
  void whoever_is_stopped_at_any_moment_loses_nothing_and_charges_nothing() throws Exception {
    try (Crew crew = new Crew(directory)) {
      for (int life = 0; life < STOPS; life++) {
        stop(life, member(crew, "L" + life, "hook=1"));
      }
      member(crew, "last", "long=1", "producers=0", "concurrency=200").write("go\n");
      crew.members().getLast().closeInput();
      Ended last = crew.members().getLast().end();
      assertEquals(0, last.exit(), last.err());

      Books books = crew.compare();
      assertEquals(List.of(), books.faults(), "seed " + seed);
      assertEquals(0, crew.number("select count(*) from quern_job where losses > 0"));
      assertEquals(List.of(), crew.texts(CHARGED), "a stop was charged");
      assertTrue(books.acks() > 10, "too little was done: this proves nothing");
      tell("StopIT", STOPS, books.acks() + " acknowledged jobs", crew.verdict(books), teeth());
    }
  }

  private static final String CHARGED =
      """
      select payload from quern_job
       where attempts <> 1 and state = 'done'
          or attempts <> 2 and state = 'failed' and payload like '%.fail.%'
      """;

  private Running member(Crew crew, String name, String... options) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "name=" + name,
                "seed=" + seed + name,
                "actions=done,result,self,long,deaf,parent,fail,defer",
                "takes=50",
                "producers=3",
                "pause=10",
                "grace=" + GRACE_MILLIS));
    words.addAll(List.of(options));
    return crew.start(CrewApp.class, words.toArray(String[]::new));
  }

  /// Stops a process: while it opens, while it works, while it closes.
  private void stop(int life, Running member) throws Exception {
    if (life % 4 > 0) {
      Processes.await("a start", () -> Crew.says(member, "ready") || !member.alive());
      member.write("go\n");
    }
    Thread.sleep(random.nextInt(700));
    if (life % 4 == 3) {
      member.write("close\n");
    }
    String name = random.nextBoolean() ? "TERM" : "INT";
    member.signal(name);
    if (random.nextBoolean()) {
      Thread.sleep(random.nextInt(200));
      member.signal(name);
    }
    assertEnded(member, SIGNALS.get(name));
  }

  /// The JDK cannot always log that it ends while it begins.
  private static final String EXIT = "Runtime.exit(";

  /// The engine may be closed before its application starts it.
  private static final String STARTED_TOO_LATE =
      "Exception in thread \"main\" java.lang.IllegalStateException: the engine is closed";

  private static void assertEnded(Running member, int exit) throws Exception {
    long asked = System.nanoTime();
    Ended ended = member.end();
    List<String> said = ended.err().lines().filter(line -> !line.startsWith(EXIT)).toList();
    assertTrue(said.isEmpty() || said.getFirst().startsWith(STARTED_TOO_LATE), ended.err());
    assertEquals(exit, ended.exit());
    assertTrue(System.nanoTime() - asked < END.toNanos(), "it took too long to end");
  }

  // ---- leases while it stops

  private static final String SLOW = "slow.deaf.3500";

  /// Another worker waits for jobs, and must not take one whose lease is shorter than the grace.
  private static void work(Crew crew) throws Exception {
    crew.start(CrewApp.class, "name=a", "lease=1000", "grace=20000", "hook=1");
    crew.await("ready");
    crew.tell("one " + SLOW);
    crew.await("run 1 1");
    crew.start(CrewApp.class, "name=b", "lease=1000", "producers=0");
    crew.await("ready");
    crew.members().getLast().write("go\n");
    crew.members().getFirst().signal("TERM");
  }

  /// How often the job was run. The first process has ended when it has.
  private static long runs(Crew crew) throws Exception {
    assertEquals(143, crew.members().getFirst().end().exit());
    crew.members().getLast().closeInput();
    assertEquals(0, crew.members().getLast().end().exit());
    return crew.members().stream().mapToLong(member -> Crew.count(member, "run 1 ")).sum();
  }

  /// A lease is renewed until the handler has ended; without that, another takes the job.
  private String teeth() throws Exception {
    try (Crew right = new Crew(directory.resolve("right"));
        Crew silent =
            new Crew(directory.resolve("silent"))
                .without(
                    "core/Heartbeat.java",
                    "return pool.idle() ? Long.MAX_VALUE",
                    "return pool.idle() || !pool.claiming() ? Long.MAX_VALUE")) {
      work(right);
      work(silent);
      assertEquals(1, runs(right), "the job was taken from a process that was about to stop");
      long runs = runs(silent);
      assertTrue(runs > 1, "without a heartbeat nobody took the job: this proves nothing");
      return "without a heartbeat while it stops, a job was run " + runs + " times";
    }
  }

  // ---- the command line

  @Test
  void work_on_programs_is_stopped_at_any_moment() throws Exception {
    int jobs = 30;
    fill(jobs);
    for (int life = 0; life < WORK_STOPS; life++) {
      try (Running running = Running.start(directory, Map.of(), work())) {
        Thread.sleep(random.nextInt(1_200));
        running.signal("TERM");
        if (life % 2 == 1) {
          Thread.sleep(random.nextInt(150));
          running.signal("TERM");
        }
        Ended ended = running.end();
        assertEquals(143, ended.exit(), ended.err());
        assertTrue(ended.err().lines().allMatch(line -> !line.contains("\tat ")), ended.err());
      }
    }
    assertEquals(0, Processes.run(directory, "", work("--drain")).exit());

    List<String> begun = Files.readAllLines(directory.resolve("began"));
    assertEquals(jobs, begun.stream().distinct().count());
    try (Crew crew = new Crew(directory)) {
      assertEquals(jobs, crew.number("select count(*) from quern_job where state = 'done'"));
      assertEquals(0, crew.number("select count(*) from quern_job where attempts <> 1"));
      String begins = begun.size() + " programs begun for " + jobs + " jobs";
      tell("StopIT work", WORK_STOPS, begins, Verdict.CLEAN, "see StopIT");
    }
  }

  private void fill(int jobs) {
    try (Quern quern = Quern.open(directory.resolve("app.db"))) {
      quern.enqueueAll(
          IntStream.range(0, jobs).mapToObj(i -> NewJob.json("p", Integer.toString(i))).toList());
    }
  }

  private static List<String> work(String... more) {
    String program = "p=echo \"$1\" >> began; sleep 0.1; echo \"$1\"";
    List<String> words = new ArrayList<>(List.of("work", "--exec", program));
    words.addAll(List.of("--jobs", "2", "--db", "app.db"));
    words.addAll(List.of(more));
    return Processes.quern(words.toArray(String[]::new));
  }

  private void tell(String test, long faults, String checked, Verdict verdict, String teeth)
      throws Exception {
    String what = "SIGTERM and SIGINT at any moment, once or twice";
    new Finding(test, what, faults, checked, verdict, Long.toString(seed), teeth).tell(startedAt);
  }
}
