package dev.quern.core;

import dev.quern.Artifact;
import dev.quern.Failure;
import dev.quern.Lease;
import dev.quern.NewArtifact;
import dev.quern.NewJob;
import dev.quern.store.Tx;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A lease claimed by hand.
public final class HandLease implements Lease {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration LONGEST_DELAY = Duration.ofDays(3650);

  private final Core core;
  private final Claimed job;
  private volatile Instant until;

  HandLease(Core core, Claimed job, Instant until) {
    this.core = core;
    this.job = job;
    this.until = until;
  }

  @Override
  public long jobId() {
    return job.id();
  }

  @Override
  public String kind() {
    return job.lane().kind();
  }

  @Override
  public String payload() {
    return job.payload();
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public long fence() {
    return job.fence();
  }

  @Override
  public Instant until() {
    return until;
  }

  @Override
  public boolean renew(Duration by) {
    check("lease", by, SHORTEST, LONGEST);
    Optional<Instant> renewed = core.write(tx -> renew(tx, by));
    renewed.ifPresent(end -> until = end);
    return renewed.isPresent();
  }

  /// From the time that others have seen, which is known here.
  private Optional<Instant> renew(Tx tx, Duration by) throws SQLException {
    Instant end = Instant.ofEpochMilli(core.now()).plus(by);
    if (end.isBefore(until)) {
      core.ledger().changes().claimedByHand();
    }
    boolean held = LeaseTable.renew(tx, job.id(), job.fence(), end.toEpochMilli());
    return held ? Optional.of(end) : Optional.empty();
  }

  @Override
  public boolean cancelRequested() {
    return core.read(tx -> EndTable.held(tx, job.id(), job.fence()))
        .map(Held::cancelRequested)
        .orElse(false);
  }

  @Override
  public Optional<Artifact> attach(NewArtifact artifact, InputStream content) throws IOException {
    return core.attach(job, artifact, content);
  }

  @Override
  public boolean complete(String result, List<NewJob> followUps) {
    List<Draft> drafts =
        followUps.stream().map(each -> core.drafting().draft(job.lane().tenant(), each)).toList();
    return settle(new Verdict.Done(Optional.of(core.drafting().checkedResult(result)), drafts));
  }

  @Override
  public boolean complete() {
    return settle(Verdict.Done.PLAIN);
  }

  @Override
  public boolean fail(Failure failure) {
    return settle(new Verdict.Failed(failure));
  }

  @Override
  public boolean defer(Duration delay, String reason) {
    check("delay", delay, Duration.ZERO, LONGEST_DELAY);
    return settle(new Verdict.Deferred(delay, reason));
  }

  @Override
  public boolean handBack() {
    return settle(Verdict.HandedBack.PLAIN);
  }

  private static void check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s of %s: must be between %s and %s".formatted(name, value, least, most));
    }
  }

  private boolean settle(Verdict verdict) {
    return core.settle(Settlement.of(job, verdict));
  }
}
