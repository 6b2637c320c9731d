package dev.quern.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What is to be reached, and what was measured of it: each ratio within one run.
record Targets(Evidence evidence) {
  private static final Map<String, String> DRAIN =
      Map.of("concurrency", "256", "payloadBytes", "12");
  private static final Map<String, String> BULK = Map.of("batch", "1000");

  List<Target> all() {
    return java.util.stream.Stream.of(
            floors(), peers(), callers(), latencies(), sizes(), rest(), http())
        .flatMap(List::stream)
        .toList();
  }

  private List<Target> floors() {
    Optional<Double> drain = evidence.score("DrainBench.drain", DRAIN);
    return List.of(
        Target.atLeast(
            "drain against FloorBench", 0.75, against(drain, "FloorBench.drain", Map.of())),
        Target.atLeast(
            "drain against the C program", 0.35, against(drain, "CFloor.drain", Map.of())),
        Target.atLeast("enqueue, 256 waiting callers, against FloorBench", 0.6, waiting()),
        Target.atLeast("bulk enqueue against FloorBench", 0.8, bulk("FloorBench.insert")),
        Target.atLeast("bulk enqueue against the C program", 0.5, bulk("CFloor.insert")));
  }

  private Optional<Double> against(
      Optional<Double> measured, String floor, Map<String, String> params) {
    return Evidence.ratio(measured, evidence.score(floor, params));
  }

  /// The floor of the same batch size, which no other insert has.
  private Optional<Double> waiting() {
    Optional<Double> floor =
        evidence
            .matching("FloorBench.insert", Map.of())
            .filter(each -> !each.params().get("batch").equals("1000"))
            .map(Measurement::score)
            .max(Double::compare);
    return Evidence.ratio(enqueue("WAITING_256"), floor);
  }

  private Optional<Double> enqueue(String callers) {
    return evidence.score("EnqueueBench.enqueue", Map.of("callers", callers, "keyed", "false"));
  }

  private Optional<Double> bulk(String floor) {
    return against(enqueue("BULK_1000"), floor, BULK);
  }

  private List<Target> peers() {
    return List.of(
        Target.atLeast(
            "drain against JobRunr on SQLite",
            70,
            peer(Peers.system("jobrunr").and(Peers.store("sqlite")))),
        Target.atLeast("drain against plainjob", 10, peer(Peers.system("plainjob"))),
        Target.atLeast(
            "drain against the best peer on PostgreSQL or Redis",
            3,
            peer(Peers.store("postgres").or(Peers.store("redis")))));
  }

  private Optional<Double> peer(Predicate<Peers.Row> rivals) {
    return evidence.peers().flatMap(peers -> peers.drainRatio(rivals));
  }

  private List<Target> callers() {
    return List.of(
        Target.atLeast(
            "one waiting caller against a bare autocommit loop, platform thread",
            0.8,
            Evidence.ratio(enqueue("ONE_PLATFORM"), enqueue("BARE_PLATFORM"))),
        Target.atLeast(
            "one waiting caller against a bare autocommit loop, virtual thread",
            0.7,
            Evidence.ratio(enqueue("ONE_VIRTUAL"), enqueue("BARE_VIRTUAL"))));
  }

  private List<Target> latencies() {
    Optional<Double> idle = p50("idle");
    return List.of(
        Target.atMost(
            "latency, idle: p50 against one durable insert",
            1.5,
            "",
            Evidence.ratio(idle, p50("insert"))),
        Target.atMost(
            "latency, idle: p99", 5, "ms", evidence.secondary("LatencyBench.idle", "p99")),
        Target.atMost("latency, in the caller's transaction: p50", 5, "ms", p50("ownTransaction")),
        Target.atMost("latency, from another process: p50", 5, "ms", p50("otherProcess")));
  }

  private Optional<Double> p50(String method) {
    return evidence.score("LatencyBench." + method, Map.of());
  }

  private List<Target> sizes() {
    String others = evidence.largest("ClaimBench.claim", "others").orElse("0");
    String ready = evidence.largest("DrainBench.lap", "ready").orElse("0");
    return List.of(
        Target.atLeast("claim among other jobs against an empty file", 0.8, claims(others))
            .note("100 a claim, %s of each other state".formatted(thousands(others))),
        Target.atLeast(
                "drain with many ready jobs against 10,000",
                0.8,
                Evidence.ratio(lap(ready), lap("" + Lap.JOBS)))
            .note(thousands(ready) + " ready"));
  }

  private static String thousands(String number) {
    return "%,d".formatted(Long.parseLong(number));
  }

  private Optional<Double> claims(String others) {
    return Evidence.ratio(claim(others), claim("0"));
  }

  private Optional<Double> claim(String others) {
    return evidence.score(
        "ClaimBench.claim", Map.of("limit", "100", "kinds", "1", "others", others));
  }

  private Optional<Double> lap(String ready) {
    return evidence.score("DrainBench.lap", Map.of("ready", ready));
  }

  private List<Target> rest() {
    return List.of(
        Target.atMost("idle: writes", 0, "B", evidence.secondary("IdleBench.idle", "written")),
        Target.atMost("idle: commits", 0, "", evidence.secondary("IdleBench.idle", "commits")),
        Target.atMost(
            "idle: statements besides polls of `data_version`",
            0,
            "",
            evidence.score("IdleBench.statements", Map.of())),
        Target.atMost("idle: CPU", 1, "% of a core", evidence.score("IdleBench.idle", Map.of())),
        Target.atMost(
            "an application's write transaction while Quern drains: p99",
            100,
            "ms",
            evidence.secondary("NeighbourBench.together", "p99")),
        Target.atMost(
            "`quern.jar` from start to the first handler",
            0.8,
            "s",
            evidence.score("StartBench.jar", Map.of())));
  }

  private List<Target> http() {
    return List.of(
        rate("HTTP: single enqueues from 64 connections", 20_000, "enqueue", Map.of()),
        rate(
            "HTTP: enqueue line by line, each answered",
            100_000,
            "stream",
            Map.of("answers", "each")),
        rate("HTTP: claim and ack, 100 a request", 40_000, "claimAck", Map.of("batch", "100")),
        Target.atMost(
            "HTTP: from a job to the answer of a claim that waits: p99",
            10,
            "ms",
            evidence.secondary("HttpBench.longPoll", "p99")),
        memory());
  }

  private Target rate(String text, double goal, String method, Map<String, String> params) {
    return new Target(
        text, goal, "jobs/s", true, evidence.score("HttpBench." + method, params), "");
  }

  private Target memory() {
    Map<String, String> wanted = Map.of("heap", LongPolls.HEAP);
    String streams = evidence.largest("HttpBench.memory", "eventStreams").orElse("0");
    return Target.atMost("HTTP: memory", 300, "MB", evidence.score("HttpBench.memory", wanted))
        .note("2,000 claims wait, %s streams of events, %s".formatted(streams, LongPolls.HEAP));
  }
}
