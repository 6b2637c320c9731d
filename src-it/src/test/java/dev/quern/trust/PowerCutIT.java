package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import dev.quern.trust.DiskArm.Error;
import dev.quern.trust.DiskArm.Fault;
import dev.quern.trust.DiskArm.How;
import dev.quern.trust.Platter.Model;
import dev.quern.trust.Recording.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power is cut at any moment: all that was acknowledged is there afterwards, and nothing else.
///
/// An application under load is recorded, with each write and each sync of its disk and each word
/// that it was told ([Disk]). The recording is replayed up to thousands of moments, and the disk is
/// made as it would be without power ([Platter]). Each of these images is opened by SQLite, which
/// recovers it, and held against what had been told ([Told]); one in ten is opened again by an
/// engine, which does what is left to do.
///
/// `-Dquern.seed=N` chooses the moments and the torn writes again; what the threads of the
/// application do meanwhile is the system's affair.
class PowerCutIT {
  private static final int CALLS = 40;

  private static final Map<Model, Integer> IMAGES =
      Map.of(
          Model.ALL, Trust.size(250, 3_000),
          Model.SYNCED, Trust.size(125, 1_000),
          Model.TORN, Trust.size(500, 6_500));

  private static final Map<Model, Integer> FEWER =
      Map.of(
          Model.ALL, Trust.size(120, 2_000),
          Model.SYNCED, Trust.size(60, 500),
          Model.TORN, Trust.size(240, 3_500));

  private static final int RECORDINGS = Trust.size(1, 12);

  private static final String SYNCHRONOUS = "pragma(connection, \"synchronous\", 2)";

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private long seed;
  private Child child;
  private Disk disk;
  private int recorded;

  @BeforeEach
  void compile() throws Exception {
    disk = Disk.build(directory);
    child = new Child(directory);
  }

  @Test
  void a_power_cut_loses_nothing_that_was_acknowledged() throws Exception {
    seed = Trust.seed("PowerCutIT");
    String teeth =
        String.join("; ", normalMustLose(), offMustCorrupt(), anAnswerBeforeTheCommitMustBeFound());
    Cutting.Result result = Cutting.Result.NONE;
    for (int i = 0; i < RECORDINGS; i++) {
      result =
          result.plus(clean(three(i % 2 == 0 ? Optional.empty() : smallWal()), IMAGES, seed + i));
    }
    tell("PowerCutIT", "the power cut: all written, only synced, torn", result, teeth);
  }

  @Test
  void a_sync_that_fails_loses_nothing_that_was_acknowledged() throws Exception {
    seed = Trust.seed("PowerCutIT failed-sync");
    String teeth =
        String.join("; ", aFaultThatIsAcknowledgedMustBeFound(), aFaultCalledHarmlessMustBeFound());
    Cutting.Result result = Cutting.Result.NONE;
    for (int i = 0; i < Trust.size(2, 8); i++) {
      String end = i % 2 == 0 ? "halt" : "close";
      Recording recording = record(Optional.empty(), "FULL", failingSyncs(9 + i), end);
      result = result.plus(clean(recording, FEWER, seed + i));
    }
    tell(
        "PowerCutIT failed-sync",
        "one sync in nine or more fails, then the power cut",
        result,
        teeth);
  }

  private Cutting.Result clean(Recording recording, Map<Model, Integer> images, long seed)
      throws Exception {
    Cutting.Result result = cut(recording, images, seed);
    assertEquals(List.of(), result.faults(), "-Dquern.seed=" + this.seed);
    assertEquals(0, result.lossy() + result.corrupt());
    assertEquals(1, result.stores().size(), "a store became another: " + result.stores());
    assertTrue(
        recording.count(Kind.WRITE, "app.db") > 20, "too little was written back from the WAL");
    assertTrue(result.promises() > 100, "too little was promised: this proves nothing");
    return result;
  }

  private void tell(String test, String what, Cutting.Result result, String teeth)
      throws Exception {
    int images = result.images();
    String checked =
        "%,d images, %,d of them also by an engine".formatted(images, result.engines());
    new Finding(test, what, images, checked, result.verdict(), Long.toString(seed), teeth)
        .tell(startedAt);
  }

  // ---- recording

  /// Three lives: one is closed, one stops dead, one finds that.
  private Recording three(Optional<Path> mutant) throws Exception {
    return record(mutant, "FULL", List.of(), "close", "halt", "close");
  }

  /// Some lives of an application, one after the other, on one disk.
  private Recording record(
      Optional<Path> mutant, String synchronous, List<String> fault, String... ends)
      throws Exception {
    Path data = Disk.inMemory(directory);
    Path log = directory.resolve("log" + recorded++);
    try {
      for (int life = 0; life < ends.length; life++) {
        List<String> words = new ArrayList<>(List.of(data.resolve("app.db").toString()));
        words.addAll(List.of("L" + recorded + life, "" + CALLS, ends[life], synchronous));
        words.addAll(fault);
        Processes.Ended ended = child.run(mutant, CutApp.class, words, disk.watching(data, log));
        assertEquals(0, ended.exit(), ended.err());
      }
      return Recording.read(log);
    } finally {
      Disk.delete(data);
      Files.delete(log);
    }
  }

  private static List<String> failingSyncs(int nth) {
    return new Fault(DiskArm.SYNC_WAL, nth, Error.EIO, How.EVERY).words();
  }

  private Cutting.Result cut(Recording recording, Map<Model, Integer> images, long seed)
      throws Exception {
    return Cutting.choose(recording, "app.db", images, seed).look(directory);
  }

  // ---- the teeth

  /// The engine as it is, but it writes its WAL back after 100 pages instead of 4,000.
  private Optional<Path> smallWal() throws Exception {
    return child.mutant("store/Sqlite.java", "CHECKPOINT_PAGES = 4_000", "CHECKPOINT_PAGES = 100");
  }

  private String normalMustLose() throws Exception {
    Optional<Path> normal =
        child.mutant("store/Sqlite.java", SYNCHRONOUS, SYNCHRONOUS.replace("2", "1"));
    Recording recording = record(normal, "NORMAL", List.of(), "close");
    Cutting.Result died = cut(recording, Map.of(Model.ALL, 20), seed);
    assertEquals(0, died.lossy(), "NORMAL lost something though the system went on");
    return "synchronous=NORMAL " + bitten(recording, Map.of(Model.SYNCED, 30, Model.TORN, 30));
  }

  private String offMustCorrupt() throws Exception {
    Optional<Path> off =
        child.mutant("store/Sqlite.java", SYNCHRONOUS, SYNCHRONOUS.replace("2", "0"));
    Recording recording = record(off, "OFF", List.of(), "close");
    Cutting.Result torn = cut(recording, Map.of(Model.TORN, 60), seed);
    assertTrue(torn.corrupt() > 0, "OFF corrupted nothing: the test has no teeth");
    return "synchronous=OFF corrupted %d of %d".formatted(torn.corrupt(), torn.images());
  }

  private String anAnswerBeforeTheCommitMustBeFound() throws Exception {
    Optional<Path> early =
        child.mutant(
            "store/Writer.java",
            "attendant.finish(tx, !batch.isEmpty());\n    commit();",
            "attendant.finish(tx, !batch.isEmpty());\n    batch.forEach(Request::succeed);\n    commit();");
    Recording recording = record(early, "FULL", List.of(), "halt");
    return "answers before the commit " + bitten(recording, Map.of(Model.ALL, 60));
  }

  private String aFaultThatIsAcknowledgedMustBeFound() throws Exception {
    Optional<Path> again =
        child.mutant(
            "store/Writer.java",
            "throw new CommitFault(fault);",
            "try { tx.run(\"commit\"); } catch (SQLException done) { }");
    Recording recording = record(again, "FULL", failingSyncs(9), "halt");
    return "a commit that is tried again " + bitten(recording, Map.of(Model.SYNCED, 60));
  }

  /// The frames of a failed commit are in the WAL until the next one overwrites them: whoever dies
  /// before that finds them committed.
  private String aFaultCalledHarmlessMustBeFound() throws Exception {
    Optional<Path> harmless =
        child.mutant("store/Faults.java", "-> ofCommit(failed.sql())", "-> of(failed.sql())");
    Recording recording = record(harmless, "FULL", failingSyncs(5), "halt");
    Cutting.Result died = cut(recording, Map.of(Model.ALL, 600), seed);
    assertTrue(died.verdict().unexpected() > 0, "all was as told: the test has no teeth");
    return "a failed commit called harmless showed %d unexpected jobs in %d"
        .formatted(died.verdict().unexpected(), died.images());
  }

  private String bitten(Recording recording, Map<Model, Integer> images) throws Exception {
    Cutting.Result result = cut(recording, images, new Random(seed).nextLong());
    assertTrue(result.lossy() > 0, "nothing was lost: the test has no teeth");
    return "lost something in %d of %d".formatted(result.lossy(), result.images());
  }
}
