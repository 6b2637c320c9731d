package dev.quern.model;

import dev.quern.Attempt;
import dev.quern.CancelResult;
import dev.quern.ClaimRequest;
import dev.quern.Counts;
import dev.quern.Enqueued;
import dev.quern.Failure;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.Lease;
import dev.quern.LogLine;
import dev.quern.NewJob;
import dev.quern.Page;
import dev.quern.Quern;
import dev.quern.Requeued;
import dev.quern.Why;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A manual engine on a real file, spoken to by the numbers of jobs and leases.
final class RealSide implements Side, AutoCloseable {
  /// The code of the failure of a payload that its handler cannot read; its trace is not compared.
  static final String UNREADABLE = "UnreadablePayload";

  private static final int PAGE = 1_000;

  private final Scenario scenario;
  private final Database database;
  private final Numbers numbers;
  private final List<Lease> leases;
  private final AtomicReference<Instant> wall;
  private Quern quern;

  RealSide(Scenario scenario, Database database) {
    this.scenario = scenario;
    this.database = database;
    this.numbers = new Numbers();
    this.leases = new ArrayList<>();
    this.wall = new AtomicReference<>(Scenario.START);
    open();
  }

  /// Another engine beside one, which handles nothing.
  private RealSide(RealSide beside) {
    this.scenario = beside.scenario.withoutHandlers();
    this.database = beside.database;
    this.numbers = beside.numbers;
    this.leases = beside.leases;
    this.wall = beside.wall;
    open();
  }

  private void open() {
    quern = Quern.manual(database.file(), scenario.config(wall::get));
    if (!scenario.handled().isEmpty()) {
      for (String kind : scenario.handled()) {
        quern.handle(kind, Script.class, new RealHandler(database)::handle);
      }
      quern.start();
    }
  }

  @Override
  public void close() {
    quern.close();
  }

  @Override
  public void reopen() {
    close();
    open();
  }

  @Override
  public Object elsewhere(Command command) {
    try (RealSide other = new RealSide(this)) {
      return command.on(other);
    }
  }

  @Override
  public void clock(long millis) {
    wall.set(Instant.ofEpochMilli(millis));
  }

  @Override
  public int jobs() {
    return numbers.last();
  }

  // ---- new jobs

  @Override
  public List<Enqueued> enqueue(List<Draft> drafts) {
    return numbered(quern.enqueueAll(newJobs(drafts)));
  }

  @Override
  public List<Enqueued> enqueueInside(List<Draft> drafts, boolean commits) {
    int before = numbers.last();
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      List<Enqueued> answers = numbered(quern.enqueueAll(connection, newJobs(drafts)));
      if (commits) {
        connection.commit();
      } else {
        connection.rollback();
        numbers.forgetAfter(before);
      }
      return answers;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<NewJob> newJobs(List<Draft> drafts) {
    return drafts.stream().map(Draft::toNewJob).toList();
  }

  private List<Enqueued> numbered(List<Enqueued> answers) {
    answers.stream().filter(Enqueued::isNew).forEach(answer -> numbers.add(answer.id()));
    return answers.stream()
        .map(answer -> new Enqueued(numbers.of(answer.id()), answer.isNew()))
        .toList();
  }

  /// Gives numbers to jobs that were added without an answer.
  private void learn() {
    List<Long> unknown = new ArrayList<>();
    JobFilter filter = JobFilter.ALL;
    for (boolean more = true; more; ) {
      Page page = quern.jobs().list(filter);
      long before = unknown.size();
      page.jobs().stream().map(Job::id).filter(numbers::isNew).forEach(unknown::add);
      more = page.next().isPresent() && unknown.size() == before + page.jobs().size();
      filter = more ? filter.after(page.next().get()) : filter;
    }
    unknown.reversed().forEach(numbers::add);
  }

  // ---- claims

  @Override
  public List<Claim> claim(ClaimRequest request) {
    List<Lease> claimed = quern.claim(request);
    leases.addAll(claimed);
    return claimed.stream().map(this::view).toList();
  }

  private Claim view(Lease lease) {
    return new Claim(
        numbers.of(lease.jobId()),
        lease.kind(),
        lease.payload(),
        lease.attempt(),
        lease.fence(),
        lease.until());
  }

  private Lease lease(int number) {
    return leases.get(number - 1);
  }

  @Override
  public boolean end(int number, Ending ending) {
    boolean held = end(lease(number), ending);
    learn();
    return held;
  }

  private static boolean end(Lease lease, Ending ending) {
    return switch (ending) {
      case Ending.Done done when done.equals(Ending.Done.PLAIN) -> lease.complete();
      case Ending.Done done ->
          lease.complete(done.result().orElse("null"), newJobs(done.followUps()));
      case Ending.Failed failed -> lease.fail(failed.failure());
      case Ending.Deferred deferred -> lease.defer(deferred.delay(), deferred.reason());
      case Ending.HandedBack _ -> lease.handBack();
      case Ending.Lost _ -> throw new IllegalArgumentException("not for workers to say");
    };
  }

  @Override
  public boolean renew(int lease, Duration by) {
    return lease(lease).renew(by);
  }

  @Override
  public boolean cancelRequested(int lease) {
    return lease(lease).cancelRequested();
  }

  @Override
  public int tick() {
    int ran = quern.tick();
    learn();
    return ran;
  }

  // ---- requests

  @Override
  public CancelResult cancel(int job, String reason) {
    return quern.jobs().cancel(numbers.id(job), reason);
  }

  @Override
  public Requeued requeue(int job) {
    return numbered(quern.jobs().requeue(numbers.id(job)));
  }

  @Override
  public Requeued requeueFailed(Optional<String> kind, boolean recoverableOnly) {
    return numbered(quern.jobs().requeueFailed(kind, recoverableOnly));
  }

  private Requeued numbered(Requeued answer) {
    List<Requeued.Blocked> blocked =
        answer.blocked().stream()
            .map(b -> new Requeued.Blocked(numbers.of(b.id()), numbers.in(b.reason())))
            .toList();
    return new Requeued(answer.requeued(), blocked, answer.blockedCount(), answer.unrecoverable());
  }

  @Override
  public boolean delete(int job) {
    return quern.jobs().delete(numbers.id(job));
  }

  @Override
  public KindPolicy policy(String kind, KindPolicy policy) {
    return quern.kinds().policy(kind, _ -> policy);
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
  public long purgeRetired() {
    return quern.kinds().purgeRetired();
  }

  // ---- views

  @Override
  public Optional<Job> get(int job) {
    return quern.jobs().get(numbers.id(job)).map(this::numbered);
  }

  private Job numbered(Job job) {
    return new Job(
        numbers.of(job.id()),
        job.kind(),
        job.state(),
        job.tenant(),
        job.priority(),
        job.payload(),
        job.requires(),
        job.tags(),
        job.dedupeKey(),
        job.affinityKey(),
        job.createdAt(),
        job.availableAt(),
        job.startedAt(),
        job.endedAt(),
        job.attempts(),
        job.maxAttempts(),
        job.losses(),
        job.requeues(),
        job.fence(),
        job.owner(),
        job.leaseUntil(),
        job.cancelRequestedAt(),
        job.progress(),
        job.note(),
        job.result(),
        job.failure());
  }

  @Override
  public List<Attempt> attempts(int job) {
    return quern.jobs().attempts(numbers.id(job)).stream().map(this::numbered).toList();
  }

  private Attempt numbered(Attempt attempt) {
    return new Attempt(
        numbers.of(attempt.jobId()),
        attempt.fence(),
        attempt.number(),
        attempt.owner(),
        attempt.startedAt(),
        attempt.endedAt(),
        attempt.outcome(),
        attempt.note(),
        attempt.failure().map(RealSide::comparable));
  }

  private static Failure comparable(Failure failure) {
    return failure.code().equals(UNREADABLE)
        ? new Failure(failure.failureClass(), UNREADABLE, failure.message())
        : failure;
  }

  @Override
  public List<LogLine> log(int job) {
    return quern.jobs().log(numbers.id(job));
  }

  @Override
  public List<String> why(int job) {
    return quern.jobs().why(numbers.id(job)).stream()
        .flatMap(why -> why.reasons().stream())
        .map(Why.Reason::code)
        .toList();
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
  public List<Job> list(JobFilter filter) {
    List<Job> jobs = new ArrayList<>();
    Page page = quern.jobs().list(filter);
    jobs.addAll(page.jobs());
    while (page.next().isPresent() && jobs.size() < PAGE) {
      checkFull(page, filter);
      page = quern.jobs().list(filter.after(page.next().get()));
      jobs.addAll(page.jobs());
    }
    return jobs.stream().map(this::numbered).toList();
  }

  private static void checkFull(Page page, JobFilter filter) {
    if (page.jobs().size() != filter.limit()) {
      throw new AssertionError(
          "a page of %d of %d jobs that is not the last"
              .formatted(page.jobs().size(), filter.limit()));
    }
  }
}
