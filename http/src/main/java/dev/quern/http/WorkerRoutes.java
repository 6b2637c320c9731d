package dev.quern.http;

import dev.quern.ClaimRequest;
import dev.quern.Directive;
import dev.quern.Lease;
import dev.quern.Leases.Ack;
import dev.quern.Leases.Acked;
import dev.quern.Leases.Renewal;
import dev.quern.Leases.Renewed;
import dev.quern.Permission;
import dev.quern.Worker;
import dev.quern.WorkerReport;
import dev.quern.json.JsonWriter;
import dev.quern.wire.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The protocol of workers in any language: claim, heartbeat, acknowledge.
final class WorkerRoutes {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int MOST = 1_000;

  /// How often a worker that is to be quiet is looked at again.
  private static final Duration QUIET_LOOK = Duration.ofSeconds(1);

  private final Claiming claiming;

  WorkerRoutes(Claiming claiming) {
    this.claiming = claiming;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/v1/worker/claim", Route.Body.JSON, this::claim).needing(Permission.WORKER),
        Route.post("/v1/worker/heartbeat", Route.Body.JSON, this::heartbeat)
            .needing(Permission.WORKER),
        Route.post("/v1/worker/ack", Route.Body.JSON, this::ack).needing(Permission.WORKER));
  }

  // ---- claim

  private Answer claim(Call call) throws InterruptedException {
    Duration patience = call.patience();
    call.query().end();
    Fields fields = call.fields();
    String worker = fields.required("worker", fields.text("worker"));
    Optional<Replays.Key> key = fields.text("requestId").map(id -> key(call, worker, id));
    Worker.About about = about(fields);
    ClaimRequest request = request(fields);
    Worked from = report(call, worker, about, request, patience);
    return claim(
        from,
        new Claiming.Wanted(
            request,
            key,
            patience,
            (json, jobs) -> jobs(json.beginObject(), from, request, jobs).endObject()));
  }

  /// Who claims.
  private record Worked(Call call, String worker) {
    /// What it is to do. It is told to go on also when the server is about to stop: another one may
    /// take over, or the same one come back.
    Directive directive() {
      return call.view().workers().seen(worker, LEASE);
    }
  }

  private static Worked report(
      Call call, String worker, Worker.About about, ClaimRequest request, Duration patience) {
    Duration silence = patience.compareTo(request.lease()) > 0 ? patience : request.lease();
    WorkerReport report =
        Problem.checked(
            "/worker",
            () ->
                new WorkerReport(worker, request.kinds(), request.capabilities(), about, silence));
    call.view().workers().report(report);
    return new Worked(call, worker);
  }

  private static Worker.About about(Fields fields) {
    Optional<Fields> info = fields.object("info");
    Worker.About about =
        info.map(said ->
                new Worker.About(
                    said.text("host"),
                    said.large("pid"),
                    said.text("version"),
                    said.whole("slots")))
            .orElse(Worker.About.NOTHING);
    info.ifPresent(Fields::end);
    return about;
  }

  /// A worker that is to stop gets its answer at once; one that is to be quiet waits, as if there
  /// were nothing to do.
  private Answer claim(Worked from, Claiming.Wanted wanted) throws InterruptedException {
    from.call().mayTake(wanted.patience());
    long deadline = System.nanoTime() + wanted.patience().toNanos();
    Directive directive = from.directive();
    while (directive == Directive.QUIET
        && System.nanoTime() < deadline
        && !from.call().draining().getAsBoolean()) {
      Thread.sleep(QUIET_LOOK);
      directive = from.directive();
    }
    return directive == Directive.RUN
        ? claiming.answer(from.call(), wanted)
        : Answer.json(json -> wanted.writer().write(json, List.of()));
  }

  private static Replays.Key key(Call call, String worker, String request) {
    return new Replays.Key(call.view().tenant(), worker, request);
  }

  private static ClaimRequest request(Fields fields) {
    Set<String> kinds = Set.copyOf(fields.required("kinds", fields.texts("kinds")));
    Set<String> capabilities = Set.copyOf(fields.texts("capabilities").orElse(List.of()));
    int max = fields.whole("max").orElse(1);
    Duration lease = fields.seconds("leaseSeconds").orElse(LEASE);
    Optional<String> affinity = fields.text("affinityKey");
    fields.end();
    return Problem.checked(
        fields.pointer(), () -> new ClaimRequest(kinds, capabilities, max, lease, affinity, true));
  }

  private static JsonWriter jobs(
      JsonWriter json, Worked from, ClaimRequest request, List<Lease> jobs) {
    json.name("jobs").beginArray();
    for (Lease job : jobs) {
      json.beginObject();
      new Members(json)
          .id("id", job.jobId())
          .text("kind", job.kind())
          .number("attempt", job.attempt())
          .json("payload", Optional.of(job.payload()))
          .text("lease", LeaseToken.of(job, request.lease()).text())
          .time("leaseExpiresAt", job.until())
          .seconds("leaseSeconds", request.lease());
      json.endObject();
    }
    json.endArray();
    return new Members(json)
        .text("directive", from.directive().label())
        .time("serverTime", Instant.now())
        .json();
  }

  // ---- heartbeat

  private Answer heartbeat(Call call) {
    call.query().end();
    Fields fields = call.fields();
    Worked from = new Worked(call, fields.required("worker", fields.text("worker")));
    List<Fields> leases = few("leases", fields.required("leases", fields.objects("leases")));
    fields.end();
    List<Optional<Renewal>> renewals = leases.stream().map(WorkerRoutes::renewal).toList();
    List<Renewed> renewed =
        new ArrayList<>(
            call.view().leases().renew(renewals.stream().flatMap(Optional::stream).toList()));
    return Answer.json(json -> {
      json.beginObject().name("leases").beginArray();
      for (int i = 0; i < leases.size(); i++) {
        write(
            json,
            renewals.get(i),
            renewals.get(i).isEmpty() ? Renewed.LOST : renewed.removeFirst());
      }
      json.endArray().name("directive").value(from.directive().label()).endObject();
    });
  }

  private static List<Fields> few(String name, List<Fields> all) {
    if (all.size() > MOST) {
      throw Problem.at(
          "/" + name, "%,d of them: at most %,d are allowed".formatted(all.size(), MOST));
    }
    return all;
  }

  /// A token that is none has no lease, which is an answer like others.
  private static Optional<Renewal> renewal(Fields fields) {
    Optional<LeaseToken> token = token(fields);
    Optional<Double> progress = fields.number("progress");
    Optional<String> note = fields.text("note");
    List<String> lines = fields.texts("logs").orElse(List.of());
    Optional<Duration> by = fields.seconds("leaseSeconds");
    fields.end();
    return token.map(held ->
        Problem.checked(
            fields.pointer(),
            () ->
                new Renewal(
                    held.jobId(), held.fence(), by.orElse(held.length()), progress, note, lines)));
  }

  private static Optional<LeaseToken> token(Fields fields) {
    String id = fields.required("id", fields.text("id"));
    return LeaseToken.read(id, fields.required("lease", fields.text("lease")));
  }

  private static void write(JsonWriter json, Optional<Renewal> renewal, Renewed renewed) {
    json.beginObject();
    Members members =
        new Members(json)
            .text("id", renewal.map(r -> Long.toString(r.jobId())))
            .text(
                "status",
                switch (renewed) {
                  case HELD -> "ok";
                  case CANCEL_REQUESTED -> "cancel";
                  case LOST -> "lost";
                });
    if (renewed != Renewed.LOST) {
      members.time("leaseExpiresAt", Instant.now().plus(renewal.orElseThrow().by()));
    }
    json.endObject();
  }

  // ---- ack

  private Answer ack(Call call) throws InterruptedException {
    Duration patience = call.patience();
    call.query().end();
    Fields fields = call.fields();
    String worker = fields.required("worker", fields.text("worker"));
    List<Acknowledged> acks =
        few("acks", fields.required("acks", fields.objects("acks"))).stream()
            .map(ack -> Acknowledged.read(call.view(), ack))
            .toList();
    Optional<Fields> next = fields.object("claim");
    fields.end();
    Optional<Replays.Key> key =
        next.flatMap(n -> n.text("requestId")).map(id -> key(call, worker, id));
    Worker.About about = next.map(WorkerRoutes::about).orElse(Worker.About.NOTHING);
    Optional<ClaimRequest> request = next.map(WorkerRoutes::request);
    record(call.view(), acks);
    if (request.isEmpty()) {
      Directive directive = new Worked(call, worker).directive();
      return Answer.json(json ->
          write(json.beginObject(), acks).name("directive").value(directive.label()).endObject());
    }
    Worked from = report(call, worker, about, request.get(), patience);
    return claim(
        from,
        new Claiming.Wanted(
            request.get(),
            key,
            patience,
            (json, jobs) ->
                jobs(write(json.beginObject(), acks), from, request.get(), jobs).endObject()));
  }

  private static void record(View view, List<Acknowledged> acks) {
    List<Ack> known = acks.stream().flatMap(each -> each.ack().stream()).toList();
    List<Acked> acked = new ArrayList<>(Problem.checked("/acks", () -> view.leases().ack(known)));
    for (Acknowledged each : acks) {
      if (each.ack().isPresent()) {
        each.answer(acked.removeFirst());
      }
    }
  }

  private static JsonWriter write(JsonWriter json, List<Acknowledged> acks) {
    json.name("acks").beginArray();
    acks.forEach(each -> each.write(json));
    return json.endArray();
  }
}
