package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.support.Finding;
import dev.quern.support.Finding.Verdict;
import dev.quern.support.Trust;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Very many waiting jobs: to open the store, to claim and to count costs no more than with few. A
/// file of over 1 GiB has SQLite's lock page in it.
///
/// `-Dtrust.jobs=N` says how many; the long run has ten million.
class ScaleIT {
  private static final int JOBS = Integer.getInteger("trust.jobs", Trust.size(30_000, 10_000_000));

  private static final int FEW = 50_000;
  private static final int CLAIMS = 200;
  private static final long LOCK_PAGE = 1L << 30;

  /// What is claimed without an index takes longer by much more than this.
  private static final int SLOWER = 3;

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();

  @Test
  void very_many_waiting_jobs_are_claimed_as_fast_as_few() throws Exception {
    Path file = directory.resolve("app.db");
    double filled = fill(file, JOBS);
    double begun = begin(file);
    Waits claims;
    double counted;
    double enqueued;
    try (Quern quern = Quern.open(file)) {
      claims = claims(quern);
      enqueued = seconds(() -> quern.enqueue(job(JOBS)));
      counted = seconds(() -> assertCounts(quern));
    }
    assertEquals("ok", text(file, "pragma integrity_check"));
    long size = Files.size(file);
    assertTrue(JOBS < 10_000_000 || size > LOCK_PAGE, "the lock page was not reached: " + size);

    String what =
        "%,d waiting jobs, %,d MiB: filled in %.1f s, first handler %.2f s after open, claim %s, enqueue %.1f ms, counts %.2f s"
            .formatted(JOBS, size >> 20, filled, begun, claims.text(), enqueued * 1e3, counted);
    String checked = "%,d jobs, integrity".formatted(JOBS);
    new Finding("ScaleIT", what, 0, checked, Verdict.CLEAN, "-", teeth()).tell(startedAt);
  }

  private static NewJob job(long number) {
    String text = "{\"number\":%d,\"text\":\"%s\"}".formatted(number, "x".repeat(100));
    return NewJob.json("job", text);
  }

  private static double fill(Path file, int jobs) throws Exception {
    try (Quern quern = Quern.open(file)) {
      return seconds(() ->
          assertEquals(jobs, quern.enqueueEach(LongStream.range(0, jobs).mapToObj(ScaleIT::job))));
    }
  }

  private interface Call {
    void run() throws Exception;
  }

  private static double seconds(Call call) throws Exception {
    long begun = System.nanoTime();
    call.run();
    return (System.nanoTime() - begun) / 1e9;
  }

  /// How long it takes from opening the store to the first handler.
  private static double begin(Path file) throws Exception {
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    return seconds(() -> {
      try (Quern quern = Quern.open(file)) {
        quern.handle("job", Object.class, (_, _) -> begun.complete(true));
        quern.start();
        begun.get(60, TimeUnit.SECONDS);
        quern.stop();
      }
    });
  }

  private static Waits claims(Quern quern) {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < CLAIMS; i++) {
      long begun = System.nanoTime();
      assertEquals(1, quern.claim(ClaimRequest.of("job")).size());
      nanos.add(System.nanoTime() - begun);
    }
    return Waits.of(nanos);
  }

  /// Nothing is lost: all that were enqueued are there, the claimed ones running.
  private static void assertCounts(Quern quern) {
    var counts = quern.jobs().counts();
    assertEquals(CLAIMS, counts.of(JobState.RUNNING));
    assertEquals(
        JOBS + 1L,
        counts.of(JobState.READY) + counts.of(JobState.RUNNING) + counts.of(JobState.DONE));
  }

  private static String text(Path file, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  // ---- the teeth

  /// Without the index of ready jobs a claim looks at all of them.
  private String teeth() throws Exception {
    Path file = directory.resolve("few.db");
    fill(file, FEW);
    Waits with = claimsIn(file);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("drop index quern_job_ready");
    }
    Waits without = claimsIn(file);
    assertTrue(without.p50() > SLOWER * with.p50(), with.text() + "; without: " + without.text());
    return "without its index a claim among %,d jobs takes %.1f ms, not %.1f ms"
        .formatted(FEW, without.p50() / 1e3, with.p50() / 1e3);
  }

  private static Waits claimsIn(Path file) {
    try (Quern quern = Quern.open(file)) {
      return claims(quern);
    }
  }
}
