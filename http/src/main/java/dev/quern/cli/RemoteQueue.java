package dev.quern.cli;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.Counts;
import dev.quern.Enqueued;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.KindStatus;
import dev.quern.LogLine;
import dev.quern.Page;
import dev.quern.Requeued;
import dev.quern.Why;
import dev.quern.json.JsonWriter;
import dev.quern.wire.FilterText;
import dev.quern.wire.Members;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The queue that a server offers.
///
/// @param server is closed with it
record RemoteQueue(Server server) implements Queue {
  /// What servers take in a body by default is 64 KiB more.
  private static final long BATCH_BYTES = 1 << 20;

  /// The status of what is not done yet.
  private static final int ACCEPTED = 202;

  private static final String JOBS = "/v1/jobs";
  private static final String KINDS = "/v1/kinds";

  private static String job(long id, String more) {
    return JOBS + "/" + id + more;
  }

  static void nothing(JsonWriter json) {
    json.beginObject().endObject();
  }

  private static void reason(JsonWriter json, String reason) {
    json.beginObject();
    new Members(json).text("reason", reason);
    json.endObject();
  }

  // ---- new jobs

  @Override
  public List<Enqueued> enqueueAll(List<Order> orders) {
    return orders.size() == 1
        ? List.of(server.post(JOBS, orders.getFirst()::write).as(RemoteQueue::enqueued))
        : server
            .post(JOBS + ":batch", json -> batch(orders, json))
            .as(answer -> answer.objects("jobs", RemoteQueue::enqueued));
  }

  private static void batch(List<Order> orders, JsonWriter json) {
    json.beginObject().name("jobs").beginArray();
    orders.forEach(order -> order.write(json));
    json.endArray().endObject();
  }

  private static Enqueued enqueued(Received enqueued) {
    return new Enqueued(enqueued.id("id"), enqueued.truth("isNew"));
  }

  @Override
  public long weight(Order order) {
    StringBuilder text = new StringBuilder();
    order.write(new JsonWriter(text));
    return 1 + text.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public long capacity() {
    return BATCH_BYTES;
  }

  // ---- jobs

  @Override
  public Optional<Job> job(long id) {
    return server.get(job(id, "")).perhaps(JobReader::job);
  }

  @Override
  public Page jobs(JobFilter filter) {
    String path =
        new Target(JOBS)
            .with("limit", Optional.of(filter.limit()))
            .with("q", Optional.of(FilterText.write(filter)).filter(text -> !text.isEmpty()))
            .with("cursor", filter.cursor())
            .toString();
    return server.get(path).as(JobReader::page);
  }

  @Override
  public List<Attempt> attempts(long id) {
    return server
        .get(job(id, "/attempts"))
        .as(answer -> answer.objects("data", attempt -> JobReader.attempt(id, attempt)));
  }

  @Override
  public List<LogLine> log(long id) {
    return server.get(job(id, "/logs")).as(answer -> answer.objects("data", JobReader::line));
  }

  @Override
  public Optional<Why> why(long id) {
    return server.get(job(id, "/why")).perhaps(JobReader::why);
  }

  @Override
  public Optional<Job> await(long id, Duration patience) {
    try {
      return new RemoteWait(server, job(id, "")).forEnd(patience);
    } catch (Failed lost) {
      throw new Failed(lost.exit(), "job %d: %s".formatted(id, lost.getMessage()));
    }
  }

  @Override
  public CancelResult cancel(long id, String reason) {
    Reply reply = server.post(job(id, ":cancel"), json -> reason(json, reason));
    if (reply.missing()) {
      return CancelResult.NOT_FOUND;
    }
    if (reply.conflict()) {
      return CancelResult.ALREADY_ENDED;
    }
    return reply.orThrow().status() == ACCEPTED ? CancelResult.REQUESTED : CancelResult.CANCELLED;
  }

  @Override
  public Requeued requeue(long id) {
    Reply reply = server.post(job(id, ":retry"), RemoteQueue::nothing);
    if (reply.missing() || reply.conflict()) {
      return new Requeued(0, List.of(new Requeued.Blocked(id, reply.detail())), 1, 0);
    }
    reply.orThrow();
    return new Requeued(1, List.of(), 0, 0);
  }

  @Override
  public Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly) {
    return server
        .post(JOBS + ":retry", json -> failed(json, kind, recoverableOnly))
        .as(RemoteQueue::requeued);
  }

  private static void failed(JsonWriter json, Optional<String> kind, boolean recoverableOnly) {
    json.beginObject();
    kind.ifPresent(name -> json.name("kind").value(name));
    json.name("recoverableOnly").value(recoverableOnly).endObject();
  }

  private static Requeued requeued(Received done) {
    return new Requeued(
        done.number("requeued"),
        done.objects("blocked", job -> new Requeued.Blocked(job.id("id"), job.text("reason"))),
        done.number("blockedCount"),
        done.number("unrecoverable"));
  }

  @Override
  public Counts counts() {
    return server.get("/v1/stats").as(JobReader::counts);
  }

  // ---- kinds

  @Override
  public List<KindStatus> kinds() {
    return server.get(KINDS).as(answer -> answer.objects("data", KindReader::kind));
  }

  @Override
  public void pause(String kind, String reason) {
    String path = new Target(KINDS).part(kind) + ":pause";
    server.post(path, json -> reason(json, reason)).orThrow();
  }

  @Override
  public void resume(String kind) {
    server.post(new Target(KINDS).part(kind) + ":resume", RemoteQueue::nothing).orThrow();
  }

  @Override
  public Grants grants() {
    return new RemoteGrants(server);
  }

  @Override
  public void close() {
    server.close();
  }
}
