package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Very many slow clients of `quern serve` with its own deadlines (T21): the server lets go of each
/// in time, keeps its memory in bounds, and answers others meanwhile.
class SlowClientsIT {
  private static final int CLIENTS = Trust.size(1_000, 10_000);

  /// The system keeps megabytes for each client that does not read.
  private static final int MOST_DEAF = 50;

  /// Beyond a deadline, on a machine that has other work.
  private static final Duration SLACK = Duration.ofSeconds(15);

  private static final double MOST_P99_MILLIS = 2_000;

  /// A heap that has a bound, since Java fills what it is given before it tidies up.
  private static final int HEAP_MEBIBYTES = Trust.size(256, 1_280);

  /// What a server takes besides.
  private static final int MORE_MEBIBYTES = 256;

  private static final int SMALL_HEAP_MEBIBYTES = 64;
  private static final int CLIENTS_FOR_SMALL_HEAP = 3_000;
  private static final int PROBE_MILLIS = 20;
  private static final byte[] PAGE = new byte[72 << 10];

  @TempDir Path directory;

  /// A slow client of each kind in turn, with a look at the others now and then.
  private static void fill(SlowCrowd crowd, int port, int clients) throws IOException {
    SlowKind[] kinds = SlowKind.values();
    for (int i = 0; i < clients; i++) {
      SlowKind kind = kinds[i % kinds.length];
      boolean deaf = kind == SlowKind.DEAF && i / kinds.length >= MOST_DEAF;
      crowd.add(port, deaf ? SlowKind.ONE_BYTE : kind);
      if (i % 100 == 0) {
        crowd.watch(1);
      }
    }
  }

  @Test
  void slow_clients_are_let_go_in_time_while_others_are_served() throws Exception {
    long startedAt = System.nanoTime();
    HttpServer bare = bare();
    try (Serving server = serve(HEAP_MEBIBYTES);
        Probe probe = new Probe(server.port(), Duration.ofSeconds(20));
        SlowCrowd crowd = new SlowCrowd();
        SlowCrowd kept = new SlowCrowd()) {
      fill(kept, bare.getAddress().getPort(), SlowKind.values().length);
      fill(crowd, server.port(), CLIENTS);
      watch(crowd, probe);
      crowd.listen();
      kept.watch(1);

      Map<SlowKind, Double> longest = crowd.longest();
      System.out.printf(
          "SlowClientsIT: %,d clients; the last of each kind stayed, in seconds: %s%n",
          CLIENTS, longest);
      assertEquals(0, crowd.open(), "still there: " + longest);
      longest.forEach((kind, seconds) ->
          assertTrue(seconds < kind.patience().plus(SLACK).toSeconds(), kind + ": " + seconds));
      assertHealthy(server, probe);
      tell(startedAt, server, probe, teeth(kept));
    } finally {
      bare.stop(0);
    }
  }

  private Serving serve(int mebibytes) throws Exception {
    List<String> way = List.of("-Xmx" + mebibytes + "m", "-jar", Processes.JAR.toString());
    return Serving.start(directory, Serving.words(way, directory.resolve("quern.db"), 0));
  }

  private static void watch(SlowCrowd crowd, Probe probe) throws IOException {
    Duration longest = SlowKind.SILENT.patience().plus(SLACK);
    long deadline = System.nanoTime() + longest.toNanos();
    long deaf = System.nanoTime() + SlowKind.DEAF.patience().toNanos();
    while (System.nanoTime() < deaf
        || crowd.open() > crowd.open(SlowKind.DEAF) && System.nanoTime() < deadline) {
      crowd.watch(PROBE_MILLIS);
      probe.ask();
    }
  }

  private void assertHealthy(Serving server, Probe probe) throws IOException {
    long peak = new Footprint(server.process().pid()).peakMebibytes();
    assertTrue(probe.p99() < MOST_P99_MILLIS, "p99 of a probe: " + probe.p99() + " ms");
    assertTrue(peak < HEAP_MEBIBYTES + MORE_MEBIBYTES, peak + " MiB");
    assertEquals(probe.answers(), new Place(directory).number("select count(*) from quern_job"));
  }

  @Test
  void more_slow_clients_than_there_is_memory_for_do_not_end_the_server() throws Exception {
    try (Serving server = serve(SMALL_HEAP_MEBIBYTES);
        SlowCrowd crowd = new SlowCrowd()) {
      SlowKind[] kinds = {SlowKind.ONE_BYTE, SlowKind.HALF_HEAD, SlowKind.HALF_LINE};
      for (int i = 0; i < CLIENTS_FOR_SMALL_HEAP; i++) {
        crowd.add(server.port(), kinds[i % kinds.length]);
      }
      Processes.await("a new client to be served", () -> served(server));
      crowd.watch(PROBE_MILLIS);
      assertTrue(crowd.open() < CLIENTS_FOR_SMALL_HEAP);
      assertEquals("", server.process().err());
    }
  }

  private static boolean served(Serving server) {
    try (Probe probe = new Probe(server.port(), Duration.ofSeconds(1))) {
      probe.ask();
      return true;
    } catch (IOException full) {
      return false;
    }
  }

  // ---- teeth

  /// The JDK's server, without guards.
  private static HttpServer bare() throws IOException {
    HttpServer bare =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    bare.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, PAGE.length);
          exchange.getResponseBody().write(PAGE);
          exchange.close();
        });
    bare.setExecutor(Thread::startVirtualThread);
    bare.start();
    return bare;
  }

  /// How many of its slow clients that server still has; it lets go of silent ones, too.
  private static long teeth(SlowCrowd kept) throws IOException {
    long begun = kept.open() - kept.open(SlowKind.SILENT);
    kept.listen();
    long open = kept.open() - kept.open(SlowKind.SILENT);
    assertEquals(SlowKind.values().length - 1, open, "let go without a guard; before: " + begun);
    return open;
  }

  private static void tell(long startedAt, Serving server, Probe probe, long kept)
      throws IOException {
    new Finding(
            "SlowClientsIT",
            "clients that are silent, stop midway or do not read",
            CLIENTS,
            "%,d clients; p99 of %,d answers to others %.1f ms; at most %,d MiB, the heap being %,d"
                .formatted(
                    CLIENTS,
                    probe.answers(),
                    probe.p99(),
                    new Footprint(server.process().pid()).peakMebibytes(),
                    HEAP_MEBIBYTES),
            Finding.Verdict.CLEAN,
            "none",
            "without guards %d of %d that have begun stay"
                .formatted(kept, SlowKind.values().length - 1))
        .tell(startedAt);
  }
}
