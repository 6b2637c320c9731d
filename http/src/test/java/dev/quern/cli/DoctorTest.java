package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.json.Json;
import dev.quern.json.JsonArray;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `quern doctor` finds, and what it says to do about it.
final class DoctorTest {
  private static final int PAGE = 4_096;

  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void open() {
    shell = new Shell(directory.resolve("quern.db"));
    shell.ok("enqueue", "a");
  }

  /// The checks of the doctor as JSON, each with its level: `ok`, `warn` or `fail`.
  private static List<JsonObject> checks(Shell.Ran ran) {
    JsonObject all = (JsonObject) Json.parse(ran.out());
    return ((JsonArray) all.get("checks").orElseThrow())
        .elements().stream().map(check -> (JsonObject) check).toList();
  }

  private static String text(JsonObject check, String name) {
    return ((JsonString) check.get(name).orElseThrow()).value();
  }

  // ---- the whole

  @Test
  void a_sound_database_is_sound_and_nothing_is_left_behind() throws Exception {
    Shell.Ran ran = shell.ok("doctor", "--json");

    assertEquals(Optional.of(Json.parse("true")), ((JsonObject) Json.parse(ran.out())).get("ok"));
    assertTrue(checks(ran).stream().noneMatch(check -> text(check, "level").equals("fail")));
    assertTrue(
        checks(ran).stream()
            .map(check -> text(check, "name"))
            .toList()
            .containsAll(
                List.of(
                    "java",
                    "file system",
                    "space",
                    "sync",
                    "write-ahead log",
                    "database",
                    "settings",
                    "integrity",
                    "clock",
                    "in use")),
        ran.out());
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(file -> file.toString().contains("doctor")));
    }
  }

  @Test
  void a_file_that_is_no_database_fails_and_the_rest_is_looked_at() throws Exception {
    Files.writeString(
        shell.db(), "this is no database, but long enough to look like one. ".repeat(99));

    Shell.Ran ran = shell.run("doctor");

    assertEquals(Exit.FAILED, ran.exit());
    assertTrue(ran.out().contains("fail  database"), ran.out());
    assertTrue(ran.out().contains("restore a backup"), ran.out());
    assertTrue(ran.out().contains("sync"), ran.out());
  }

  @Test
  void a_damaged_database_fails_with_the_way_out() throws Exception {
    try (Quern quern = Quern.open(shell.db())) {
      quern.enqueueAll(
          IntStream.range(0, 500).mapToObj(i -> NewJob.of("a", "x".repeat(i))).toList());
    }
    swapLastPages();

    Shell.Ran ran = shell.run("doctor", "--json");

    assertEquals(Exit.FAILED, ran.exit());
    List<String> failed =
        checks(ran).stream()
            .filter(check -> text(check, "level").equals("fail"))
            .map(check -> text(check, "text"))
            .toList();
    assertTrue(failed.getFirst().contains("restore a backup"), failed.toString());
  }

  private void swapLastPages() throws Exception {
    byte[] content = Files.readAllBytes(shell.db());
    int last = content.length / PAGE - 1;
    try (FileChannel channel = FileChannel.open(shell.db(), StandardOpenOption.WRITE)) {
      channel.write(page(content, last), (long) (last - 1) * PAGE);
      channel.write(page(content, last - 1), (long) last * PAGE);
    }
  }

  private static ByteBuffer page(byte[] content, int number) {
    return ByteBuffer.wrap(content, number * PAGE, PAGE);
  }

  // ---- the file system

  @Test
  void network_file_systems_memory_and_containers_are_warned_of() {
    for (String type :
        List.of("nfs4", "cifs", "9p", "virtiofs", "fuse.sshfs", "tmpfs", "overlay")) {
      assertEquals(Check.Level.WARN, MountChecks.fileSystem(type).level(), type);
    }
    assertEquals(Check.Level.OK, MountChecks.fileSystem("ext4").level());
    assertEquals(Check.Level.OK, MountChecks.fileSystem("fuseblk").level());
  }

  @Test
  void the_mount_of_a_directory_is_the_deepest_and_last_that_holds_it() {
    List<String> table =
        List.of(
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard",
            "30 22 0:30 / /mnt/my\\040disk rw,noatime - xfs /dev/vdb rw",
            "31 22 0:31 / /mnt/my\\040disk rw,noatime master:4 - fuse.sshfs me@there: rw,barrier=0",
            "nonsense");

    Mount over = Mount.of(Path.of("/mnt/my disk/data"), table).orElseThrow();
    Mount root = Mount.of(Path.of("/mnt/my"), table).orElseThrow();

    assertEquals("fuse.sshfs", over.type());
    assertEquals("0:31", over.device());
    assertEquals(List.of("barrier=0"), over.unsafe());
    assertEquals(new Mount(Path.of("/"), "ext4", "254:0", root.options()), root);
    assertEquals(Set.of("rw", "relatime", "discard"), root.options());
  }

  @Test
  void a_mount_that_keeps_the_disk_from_being_flushed_is_warned_of() {
    Check check =
        MountChecks.barrier(new Mount(Path.of("/data"), "ext4", "8:1", Set.of("rw", "nobarrier")))
            .orElseThrow();

    assertEquals(Check.Level.WARN, check.level());
    assertTrue(check.text().startsWith("/data is mounted with nobarrier"), check.text());
    assertEquals(
        Optional.empty(),
        MountChecks.barrier(new Mount(Path.of("/"), "ext4", "8:1", Set.of("rw", "barrier=1"))));
  }

  @Test
  void a_file_with_two_names_is_warned_of() throws Exception {
    Files.createLink(directory.resolve("other.db"), shell.db());

    Shell.Ran ran = shell.ok("doctor");

    assertTrue(ran.out().contains("warn  names"), ran.out());
    assertTrue(ran.out().contains("remove all but one"), ran.out());
  }

  @Test
  void little_space_is_warned_of() {
    assertEquals(Check.Level.WARN, DiskChecks.space(1 << 20).level());
    assertEquals(Check.Level.OK, DiskChecks.space(1L << 40).level());
  }

  // ---- flushing

  @Test
  void a_sync_that_is_slow_or_too_quick_to_be_true_is_warned_of() {
    Check quick = SyncCheck.judge(0.004, Optional.empty());

    assertEquals(Check.Level.WARN, quick.level());
    assertTrue(quick.text().contains("hints that nothing is flushed"), quick.text());
    assertEquals(Check.Level.WARN, SyncCheck.judge(25, Optional.empty()).level());
    assertEquals(Check.Level.OK, SyncCheck.judge(0.05, Optional.of("write back")).level());
    assertTrue(SyncCheck.judge(0.5, Optional.of("write through")).text().contains("host"));
  }

  @Test
  void a_library_that_swallows_syncs_is_warned_of() {
    shell.with("LD_PRELOAD", "libeatmydata.so");

    assertTrue(shell.ok("doctor").out().contains("LD_PRELOAD is libeatmydata.so"));
    assertEquals(Optional.empty(), SyncCheck.preloaded(Optional.of("libjemalloc.so")));
  }

  // ---- the settings

  @Test
  void each_setting_that_keeps_jobs_on_disk_is_compared_with_what_it_must_be() {
    Map<String, String> right =
        Map.of(
            "journal_mode", "wal",
            "synchronous", "2",
            "foreign_keys", "1",
            "trusted_schema", "0",
            "mmap_size", "0");
    assertEquals(Check.Level.OK, StoreChecks.settings(right).getFirst().level());
    for (String setting : right.keySet()) {
      Map<String, String> wrong = new HashMap<>(right);
      wrong.put(setting, "1000");

      List<Check> checks = StoreChecks.settings(wrong);

      assertEquals(1, checks.size());
      assertEquals(Check.Level.FAIL, checks.getFirst().level());
      assertTrue(
          checks.getFirst().text().startsWith(setting + " is 1000 and must be "),
          checks.getFirst().text());
    }
  }

  // ---- the clock

  @Test
  void a_clock_that_was_set_back_is_warned_of() {
    InstantSource ahead = () -> Instant.now().plus(Duration.ofHours(3));
    try (Quern quern = Quern.open(shell.db(), QuernConfig.DEFAULT.clock(ahead))) {
      quern.enqueue(NewJob.json("a", "1"));
    }

    Shell.Ran ran = shell.ok("doctor");

    assertTrue(ran.out().contains("warn  clock"), ran.out());
    assertTrue(
        ran.out().matches("(?s).*clock +(2 h 59|3 h).* behind the latest entry.*"), ran.out());
  }

  // ---- who uses it

  @Test
  void who_has_the_file_open_is_named_with_its_command() throws Exception {
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/locks")), "skipped: no /proc/locks");
    Process sleeper = new ProcessBuilder("sleep", "60").redirectInput(shell.db().toFile()).start();
    try {
      Shell.Ran ran = shell.ok("doctor");

      assertTrue(
          ran.out().contains("open in          process " + sleeper.pid() + " (sleep 60)"),
          ran.out());
      assertFalse(ran.out().contains("process " + ProcessHandle.current().pid()), ran.out());
    } finally {
      sleeper.destroy();
      sleeper.waitFor();
    }
  }

  @Test
  void who_reads_and_who_writes_is_read_from_the_locks() {
    List<String> locks =
        List.of(
            "1: POSIX  ADVISORY  READ 100 fe:00:77 124 124",
            "2: POSIX  ADVISORY  READ 101 fe:00:77 128 128",
            "3: POSIX  ADVISORY  WRITE 102 fe:00:77 120 120",
            "4: POSIX  ADVISORY  READ 103 fe:00:78 124 124",
            "5: FLOCK  ADVISORY  WRITE 104 fe:00:77 0 EOF",
            "5: -> POSIX  ADVISORY  WRITE 105 fe:00:77 120 120");

    assertEquals(Set.of(100L), Holders.lockers(locks, "fe:00:77", 123, 127));
    assertEquals(Set.of(102L), Holders.lockers(locks, "fe:00:77", 120, 120));
  }

  @Test
  void a_long_log_that_nobody_holds_is_said_to_shrink() throws Exception {
    Files.write(directory.resolve("quern.db-wal"), new byte[2_000]);

    Check check = new HolderChecks(shell.db(), 1_000).all().getFirst();

    assertEquals(Check.Level.WARN, check.level());
    assertTrue(check.text().contains("the next write makes it shrink"), check.text());
  }

  /// A command line may hold anything.
  @Test
  void a_process_is_described_on_one_line() {
    String described = Holders.describe(ProcessHandle.current().pid());

    assertEquals(1, described.lines().count());
    assertTrue(described.getBytes(StandardCharsets.UTF_8).length < 300, described);
  }
}
