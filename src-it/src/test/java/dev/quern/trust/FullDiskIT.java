package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Place;
import dev.quern.it.Processes;
import dev.quern.it.Processes.Ended;
import dev.quern.it.Sandbox;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Mutant;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that fills up, is freed and fills up again while two engines work on it: callers are told
/// what to do and nothing of theirs is half done, what was acknowledged stays, reading goes on,
/// jobs that run keep running and are charged nothing, and with room again all goes on by itself.
///
/// `-Dquern.seed=N` repeats a test, `-Dtrust=long` fills the disk more often.
class FullDiskIT {
  private static final int CYCLES = Trust.size(3, 60);

  /// Room for the jobs of all cycles, which are kept.
  private static final int DISK_MIB = Trust.size(12, 256);

  private static final Duration PATIENCE = Processes.PATIENCE.multipliedBy(Trust.size(1, 10));

  @TempDir Path directory;

  private Place place;
  private Sandbox sandbox;

  @BeforeEach
  void here() {
    place = new Place(directory);
    sandbox = new Sandbox(place);
  }

  @Test
  void a_full_disk_loses_nothing_and_all_goes_on_when_there_is_room() throws Exception {
    long startedAt = System.nanoTime();
    long seed = Trust.seed("FullDiskIT");

    Ended app = run(List.of(), CYCLES, seed, "fill,lock");

    Map<String, Long> found = numbers(app);
    assertEquals(List.of(), faults(app));
    for (String wrong : List.of("lost", "unexpected", "undone", "charged", "losses", "twice")) {
      assertEquals(0, found.get(wrong), wrong + ": " + app.out());
    }
    new Finding(
            "FullDiskIT",
            "a disk filled and freed under two engines at work",
            CYCLES,
            "%,d jobs, %,d more refused; at work again after %,d ms at most"
                .formatted(found.get("acknowledged"), found.get("refused"), found.get("millis")),
            new Verdict(0, 0, 0, found.get("recovered")),
            Long.toString(seed),
            teeth(seed))
        .tell(startedAt);
  }

  private Ended run(List<Path> mutants, int cycles, long seed, String what) throws Exception {
    List<String> words =
        Child.java(
            directory,
            mutants,
            FullDiskApp.class,
            List.of(),
            "disk/app.db",
            Integer.toString(cycles),
            Long.toString(seed),
            what);
    sandbox.run("small size=%dm\ntry app %s\n".formatted(DISK_MIB, quoted(words)), PATIENCE);
    Ended ended = sandbox.ended("app");
    assertEquals(0, ended.exit(), ended.err());
    assertEquals("", ended.err());
    return ended;
  }

  private static String quoted(List<String> words) {
    return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  private static Map<String, Long> numbers(Ended app) {
    return app.out()
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> !words[0].equals("fault"))
        .collect(Collectors.toMap(words -> words[0], words -> Long.valueOf(words[1])));
  }

  private static List<String> faults(Ended app) {
    return app.out().lines().filter(line -> line.startsWith("fault ")).toList();
  }

  // ---- the teeth

  /// An engine that acknowledges jobs although the disk was full, and that takes back the jobs of
  /// others at once when there is room again.
  private String teeth(long seed) throws Exception {
    Path rash =
        mutant(
            "store/Writer.java",
            "if (batch.isEmpty() || !faults.concernsOneMember(fault)) {",
            """
            if (fault instanceof CommitFault
                && System.nanoTime() % 2 == 0
                && batch.stream().allMatch(each -> each.step().phase() == Step.Phase.ENQUEUE)) {
              batch.forEach(Request::succeed);
            } else if (batch.isEmpty() || !faults.concernsOneMember(fault)) {
            """);
    Path hasty = mutant("core/Beat.java", "if (stuck && ", "if (stuck && !stuck && ");
    Map<String, Long> filled = numbers(run(List.of(rash), 1, seed, "fill"));
    Map<String, Long> locked = numbers(run(List.of(hasty), 1, seed, "lock"));
    assertTrue(filled.get("lost") > 0, "nothing was lost: " + filled);
    assertTrue(locked.get("losses") > 0, "no job was taken from a living engine: " + locked);
    return "%d jobs acknowledged on a full disk lost, %d taken from a living engine"
        .formatted(filled.get("lost"), locked.get("losses"));
  }

  private Path mutant(String source, String guard, String instead) throws Exception {
    return Mutant.make(
        Files.createTempDirectory(directory, "mutant"),
        Processes.JAR.toString(),
        source,
        guard,
        instead);
  }

  // ---- the command line

  @Test
  void programs_that_end_on_a_full_disk_are_recorded_when_there_is_room() throws Exception {
    assertTrue(Files.notExists(place.database()));
    sandbox.run(
        """
        small size=48m
        i=0
        while [ $i -lt 12 ]; do echo $i; i=$((i + 1)); done > lines
        quern enqueue --stream wide --db disk/quern.db < lines
        quern work --db disk/quern.db --drain --jobs 3 \\
            --exec 'wide=until [ -e go ]; do sleep 0.05; done; printf "%01500000d" 0' \\
            > work.out 2> work.err &
        until grep -q working work.err; do sleep 0.05; done
        head -c 64m /dev/zero > disk/ballast 2> /dev/null || true
        touch go
        n=0
        until grep -q "is full" work.err || [ $n -gt 600 ]; do sleep 0.1; n=$((n + 1)); done
        rm disk/ballast
        code=0
        wait $! || code=$?
        echo $code > work.exit
        try counted quern stats --json --db disk/quern.db
        try checked quern doctor --db disk/quern.db
        """);

    Ended work = sandbox.ended("work");
    assertEquals(0, work.exit(), work.err());
    assertTrue(work.err().contains("disk/quern.db is full"), work.err());
    assertTrue(sandbox.ended("counted").out().contains("\"done\":12,"));
    assertTrue(sandbox.ended("checked").out().contains("no problem found"));
  }

  @Test
  void a_full_directory_of_temporary_files_is_named() throws Exception {
    place.fill(3);
    String words =
        "'%s' -XX:-UsePerfData -Djava.io.tmpdir=disk -jar '%s' stats"
            .formatted(Processes.java(), Processes.JAR.toAbsolutePath());

    sandbox.run("small size=256k\ntry refused " + words + "\n");

    sandbox
        .ended("refused")
        .assertRefused(1, "native library cannot be loaded", "may be full", "-Dorg.sqlite.tmpdir");
    place.assertWhole(3);
  }
}
