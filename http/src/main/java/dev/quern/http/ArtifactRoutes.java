package dev.quern.http;

import dev.quern.Artifact;
import dev.quern.Artifacts;
import dev.quern.NewArtifact;
import dev.quern.Permission;
import dev.quern.json.JsonWriter;
import dev.quern.wire.Members;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Artifacts of jobs: in, out, listed.
final class ArtifactRoutes {
  private static final String PATH = "/v1/jobs/{id}/artifacts/{name}";
  private static final String PLAIN = "application/octet-stream";

  List<Route> routes() {
    return List.of(
        Route.get("/v1/jobs/{id}/artifacts", this::list)
            .needing(Permission.ARTIFACTS_READ, Permission.JOBS_READ),
        Route.get(PATH, this::get).needing(Permission.ARTIFACTS_READ),
        Route.put(PATH, Route.Body.BYTES, this::put)
            .needing(Permission.ARTIFACTS_WRITE, Permission.WORKER),
        Route.delete(PATH, this::delete).needing(Permission.ARTIFACTS_WRITE));
  }

  private Answer list(Call call) {
    call.query().end();
    List<Artifact> artifacts = call.view().artifacts().list(call.job().id());
    return Answer.list(artifacts, ArtifactRoutes::write);
  }

  private static void write(JsonWriter json, Artifact artifact) {
    json.beginObject();
    new Members(json)
        .id("jobId", artifact.jobId())
        .text("name", artifact.name())
        .text("type", artifact.type())
        .number("size", artifact.size())
        .text("sha256", artifact.sha256())
        .time("createdAt", artifact.createdAt());
    json.endObject();
  }

  private static Problem none(Call call) {
    return Problem.of(Fault.NOT_FOUND, "job %s has no such artifact".formatted(call.name("id")));
  }

  // ---- in

  private Answer put(Call call) throws IOException {
    call.query().end();
    Optional<LeaseToken> lease = lease(call);
    NewArtifact artifact =
        Problem.checked(
            "name",
            () ->
                new NewArtifact(
                    call.name("name"),
                    call.header("Content-Type").orElse(PLAIN),
                    Digests.asked(call.header("Content-Digest"))));
    InputStream content = call.incoming().bytes(call.config().bodyDeadline());
    Artifacts artifacts = call.view().artifacts();
    Optional<Artifact> kept =
        lease.isPresent()
            ? artifacts.put(call.id(), lease.get().fence(), artifact, content)
            : artifacts.put(call.id(), artifact, content);
    return kept.map(ArtifactRoutes::created).orElseThrow(() -> notKept(call, lease));
  }

  /// What a worker shows, who may do nothing without.
  private static Optional<LeaseToken> lease(Call call) {
    Optional<String> shown = call.header("Lease");
    if (shown.isEmpty() && !call.caller().may(List.of(Permission.ARTIFACTS_WRITE))) {
      throw Problem.closing(
          Fault.FORBIDDEN, "show the lease in the header Lease, or a token with artifacts:write");
    }
    return shown.map(text ->
        LeaseToken.read(call.name("id"), text)
            .orElseThrow(() -> Problem.closing(Fault.LEASE_LOST, "this lease is not for the job")));
  }

  private static Problem notKept(Call call, Optional<LeaseToken> lease) {
    return lease.isPresent()
        ? Problem.closing(Fault.LEASE_LOST, "nothing was kept: stop to work on the job")
        : Problem.closing(Fault.NOT_FOUND, "there is no job " + call.name("id"));
  }

  private static Answer created(Artifact artifact) {
    return Answer.json(201, json -> write(json, artifact))
        .with("ETag", etag(artifact).value())
        .with("Content-Digest", Digests.header(artifact.sha256()));
  }

  private static Etag etag(Artifact artifact) {
    return new Etag('"' + artifact.sha256() + '"');
  }

  // ---- out

  private Answer get(Call call) {
    call.query().end();
    Artifact artifact =
        call.view().artifacts().get(call.id(), call.name("name")).orElseThrow(() -> none(call));
    Etag etag = etag(artifact);
    if (etag.in(call.header("If-None-Match"))) {
      return new Answer(304, headers(artifact), new Answer.Nothing(), false);
    }
    boolean same = call.header("If-Range").map(tag -> tag.equals(etag.value())).orElse(true);
    return part(call, artifact, Range.of(call.header("Range").filter(_ -> same), artifact.size()));
  }

  private static Answer part(Call call, Artifact artifact, Range range) {
    Answer answer =
        Answer.sized(
            range.whole() ? 200 : 206,
            artifact.type(),
            range.length(),
            out -> copy(call, artifact, range, new Deliver(call.config(), out)));
    for (Map.Entry<String, String> header : headers(artifact).entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return range.whole() ? answer : answer.with("Content-Range", range.header());
  }

  /// What an artifact holds is nobody's but its author's: no browser is to run it.
  private static Map<String, String> headers(Artifact artifact) {
    return Map.of(
        "ETag",
        etag(artifact).value(),
        "Accept-Ranges",
        "bytes",
        "Content-Digest",
        Digests.header(artifact.sha256()),
        "Content-Disposition",
        "attachment; filename*=UTF-8''" + encoded(artifact.name()),
        "Content-Security-Policy",
        "sandbox; default-src 'none'");
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  private static void copy(Call call, Artifact artifact, Range range, Deliver out)
      throws IOException {
    Optional<InputStream> content =
        range.whole()
            ? call.view().artifacts().read(artifact.jobId(), artifact.name())
            : call.view()
                .artifacts()
                .read(artifact.jobId(), artifact.name(), range.from(), range.length());
    try (InputStream in =
        content.orElseThrow(() -> new IOException("the artifact was deleted meanwhile"))) {
      in.transferTo(out);
    }
  }

  private Answer delete(Call call) {
    call.query().end();
    if (!call.view().artifacts().delete(call.id(), call.name("name"))) {
      throw none(call);
    }
    return Answer.NO_CONTENT;
  }
}
