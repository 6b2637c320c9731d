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
import dev.quern.Quern;
import dev.quern.Requeued;
import dev.quern.Why;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The queue in a database of this machine.
///
/// @param quern is closed with it
record LocalQueue(Quern quern) implements Queue {
  private static final long BATCH_CHARACTERS = 4 << 20;

  @Override
  public List<Enqueued> enqueueAll(List<Order> orders) {
    return quern.enqueueAll(orders.stream().map(Order::job).toList());
  }

  @Override
  public long weight(Order order) {
    return order.payload().length();
  }

  @Override
  public long capacity() {
    return BATCH_CHARACTERS;
  }

  @Override
  public Optional<Job> job(long id) {
    return quern.jobs().get(id);
  }

  @Override
  public Page jobs(JobFilter filter) {
    return quern.jobs().list(filter);
  }

  @Override
  public List<Attempt> attempts(long id) {
    return quern.jobs().attempts(id);
  }

  @Override
  public List<LogLine> log(long id) {
    return quern.jobs().log(id);
  }

  @Override
  public Optional<Why> why(long id) {
    return quern.jobs().why(id);
  }

  @Override
  public Optional<Job> await(long id, Duration patience) {
    return quern.jobs().await(id, patience);
  }

  @Override
  public CancelResult cancel(long id, String reason) {
    return quern.jobs().cancel(id, reason);
  }

  @Override
  public Requeued requeue(long id) {
    return quern.jobs().requeue(id);
  }

  @Override
  public Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly) {
    return quern.jobs().requeueFailed(kind, recoverableOnly);
  }

  @Override
  public Counts counts() {
    return quern.jobs().counts();
  }

  @Override
  public List<KindStatus> kinds() {
    return quern.kinds().list();
  }

  @Override
  public void pause(String kind, String reason) {
    quern.kinds().pause(kind, reason);
  }

  @Override
  public void resume(String kind) {
    quern.kinds().resume(kind);
  }

  @Override
  public Grants grants() {
    return new LocalGrants(quern.access());
  }

  @Override
  public void close() {
    quern.close();
  }
}
