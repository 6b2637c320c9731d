package dev.quern.artifact;

import dev.quern.Artifact;
import dev.quern.Artifacts;
import dev.quern.NewArtifact;
import dev.quern.core.Attaching;
import dev.quern.core.Core;
import dev.quern.core.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// The artifacts of a store, or of the jobs of one tenant.
public final class ArtifactRoom implements Artifacts, Attaching {
  private final Core core;
  private final Sweeping sweeping;
  private final Scope scope;

  private ArtifactRoom(Core core, Sweeping sweeping, Scope scope) {
    this.core = core;
    this.sweeping = sweeping;
    this.scope = scope;
  }

  /// The artifacts of the store of an engine, and what sweeps up after them.
  public static ArtifactRoom of(Core core) {
    Sweeping sweeping = new Sweeping(core.store());
    ArtifactRoom room = new ArtifactRoom(core, sweeping, Scope.ALL);
    core.attaching(room);
    core.chore(sweeping);
    return room;
  }

  /// The same as one tenant sees it.
  public ArtifactRoom within(Scope tenant) {
    return new ArtifactRoom(core, sweeping, tenant);
  }

  // ---- in

  @Override
  public Optional<Artifact> put(long jobId, NewArtifact artifact, InputStream content)
      throws IOException {
    return put(new Target(jobId, null, scope), artifact, content);
  }

  @Override
  public Optional<Artifact> put(long jobId, long fence, NewArtifact artifact, InputStream content)
      throws IOException {
    return put(new Target(jobId, fence, scope), artifact, content);
  }

  @Override
  public Optional<Artifact> attach(
      long jobId, long fence, NewArtifact artifact, InputStream content) throws IOException {
    return put(jobId, fence, artifact, content);
  }

  private Optional<Artifact> put(Target target, NewArtifact artifact, InputStream content)
      throws IOException {
    Upload upload = new Upload(core, target, artifact);
    try {
      return upload.all(content);
    } finally {
      upload.abandon();
      sweeping.look();
    }
  }

  // ---- out

  @Override
  public Optional<Artifact> get(long jobId, String name) {
    return find(jobId, name).map(ArtifactTable.Row::artifact);
  }

  private Optional<ArtifactTable.Row> find(long jobId, String name) {
    return core.store().readers().read(tx -> ArtifactTable.find(tx, jobId, name, scope));
  }

  @Override
  public List<Artifact> list(long jobId) {
    return core.store().readers().read(tx -> ArtifactTable.ofJob(tx, jobId, scope)).stream()
        .map(ArtifactTable.Row::artifact)
        .toList();
  }

  @Override
  public Optional<InputStream> read(long jobId, String name) {
    return read(jobId, name, 0, Long.MAX_VALUE);
  }

  @Override
  public Optional<InputStream> read(long jobId, String name, long from, long length) {
    if (from < 0 || length < 0) {
      throw new IllegalArgumentException(
          "%,d bytes from position %,d: neither can be negative".formatted(length, from));
    }
    return find(jobId, name).map(row -> download(row, from, length));
  }

  private InputStream download(ArtifactTable.Row row, long from, long length) {
    long size = row.artifact().size();
    long begin = Math.min(from, size);
    return new Download(core.store().readers(), row, begin, begin + Math.min(length, size - begin));
  }

  @Override
  public boolean delete(long jobId, String name) {
    boolean deleted =
        core.store().writer().write(tx -> ArtifactTable.delete(tx, jobId, name, scope));
    sweeping.look();
    return deleted;
  }
}
