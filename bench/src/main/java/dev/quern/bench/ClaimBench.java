package dev.quern.bench;

import dev.quern.ClaimRequest;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Claims by hand, one durable commit each, at `synchronous=FULL`: in an empty store, and in one
/// that holds many jobs in each of three states that a claim must not notice: scheduled, done, and
/// ready of a kind that is not served. One measurement is a row of claims.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 20)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class ClaimBench {
  static final int CLAIMS = 50;

  private static final int BULK = 1_000;

  /// How many jobs a claim takes.
  @Param({"1", "16", "100", "1000"})
  public int limit = 100;

  /// How many kinds it serves.
  @Param({"1", "5", "50"})
  public int kinds = 1;

  /// How many jobs of each other state there are.
  @Param({"0", "10000", "1000000"})
  public int others;

  private Scratch scratch;
  private Quern quern;
  private ClaimRequest request;
  private List<Lease> leases = new ArrayList<>();

  /// Opens a store with the other jobs.
  @Setup(Level.Trial)
  public void open() throws IOException, SQLException {
    scratch = Scratch.create();
    open(scratch.store());
  }

  void open(Path empty) throws IOException, SQLException {
    quern = Quern.open(others == 0 ? empty : FilledStore.of(others));
    request =
        new ClaimRequest(
            served(), Set.of(), limit, Duration.ofHours(1), java.util.Optional.empty(), false);
  }

  private Set<String> served() {
    return IntStream.range(0, kinds).mapToObj(ClaimBench::kind).collect(Collectors.toSet());
  }

  private static String kind(int number) {
    return FilledStore.CLAIMED + number;
  }

  /// Adds what the claims take: of each kind in turn.
  @Setup(Level.Invocation)
  public void stock() {
    for (int from = 0; from < CLAIMS * limit; from += BULK) {
      quern.enqueueAll(
          IntStream.range(from, Math.min(from + BULK, CLAIMS * limit))
              .mapToObj(i -> NewJob.json(kind(i % kinds), Floor.payload(i)))
              .toList());
    }
  }

  /// Claims.
  @Benchmark
  @OperationsPerInvocation(CLAIMS)
  public void claim() {
    for (int i = 0; i < CLAIMS; i++) {
      leases.addAll(quern.claim(request));
    }
  }

  /// Completes what was claimed.
  @TearDown(Level.Invocation)
  public void complete() throws Exception {
    if (leases.size() != CLAIMS * limit) {
      throw new IllegalStateException(leases.size() + " jobs were claimed");
    }
    List<Lease> claimed = leases;
    leases = new ArrayList<>();
    int callers = Math.min(256, claimed.size());
    new Callers(callers, true).run(caller -> () -> complete(claimed, caller, callers));
  }

  private static Object complete(List<Lease> claimed, int first, int step) {
    for (int i = first; i < claimed.size(); i += step) {
      claimed.get(i).complete();
    }
    return null;
  }

  /// Closes and removes the store.
  @TearDown(Level.Trial)
  public void close() throws IOException {
    quern.close();
    scratch.close();
  }

  /// One measurement: microseconds a claim, and jobs a second.
  List<Reading> run() throws Exception {
    stock();
    long began = System.nanoTime();
    claim();
    long nanos = System.nanoTime() - began;
    complete();
    return List.of(
        new Reading("rate", "jobs/s", Rate.per((long) CLAIMS * limit, nanos)),
        new Reading("claim", "us/claim", nanos / 1e3 / CLAIMS));
  }

  void shut() {
    quern.close();
  }
}
