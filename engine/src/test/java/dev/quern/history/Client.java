package dev.quern.history;

import dev.quern.CancelResult;
import dev.quern.ClaimRequest;
import dev.quern.Enqueued;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Page;
import dev.quern.Quern;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// One of the threads that call an engine.
final class Client {
  private final Clients clients;
  private final Quern quern;
  private final int number;
  private final RandomGenerator random;
  private final List<Lease> leases = new ArrayList<>();

  Client(Clients clients, Quern quern, int number, RandomGenerator random) {
    this.clients = clients;
    this.quern = quern;
    this.number = number;
    this.random = random;
  }

  Void run(int count) throws SQLException {
    try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + clients.file())) {
      own.setAutoCommit(false);
      for (int i = 0; i < count; i++) {
        try {
          step(own);
        } catch (RuntimeException fault) {
          clients.refuse();
        }
      }
    }
    return null;
  }

  private void step(Connection own) throws SQLException {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> enqueue(jobs(1));
      case 4, 5 -> enqueue(jobs(2 + random.nextInt(6)));
      case 6 -> enqueueInside(own, jobs(1 + random.nextInt(3)));
      case 7, 8 -> claim();
      case 9, 10 -> end();
      case 11, 12 -> cancel();
      case 13 -> requeue();
      case 14 -> delete();
      case 15, 16 -> get();
      case 17 -> count();
      default -> list();
    }
  }

  private <T> T call(Supplier<T> ask, Function<T, Call.What> what) {
    long begun = clients.tick();
    T answer = ask.get();
    clients.keep(new Call(begun, clients.tick(), what.apply(answer)));
    return answer;
  }

  // ---- new jobs

  private List<NewJob> jobs(int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String kind = random.nextInt(3) == 0 ? Clients.BY_HAND : Clients.HANDLED;
      NewJob job = NewJob.json(kind, "" + random.nextInt(8)).priority(random.nextInt(3));
      jobs.add(random.nextInt(6) > 0 ? job : keyed());
    }
    return jobs;
  }

  private NewJob keyed() {
    return NewJob.json(Clients.KEYED, "1").dedupeKey("k" + random.nextInt(20));
  }

  private void enqueue(List<NewJob> jobs) {
    remember(call(() -> quern.enqueueAll(jobs), Client::answer));
  }

  private void enqueueInside(Connection own, List<NewJob> jobs) throws SQLException {
    long begun = clients.tick();
    List<Enqueued> told = quern.enqueueAll(own, jobs);
    if (random.nextInt(4) == 0) {
      own.rollback();
    } else {
      own.commit();
      clients.keep(new Call(begun, clients.tick(), answer(told)));
      remember(told);
    }
  }

  private void remember(List<Enqueued> told) {
    told.forEach(one -> clients.enqueued(one.id()));
  }

  private long some() {
    return clients.recent(random);
  }

  // ---- claims by hand

  private void claim() {
    long begun = clients.tick();
    List<Lease> claimed = quern.claim(ClaimRequest.of(Clients.BY_HAND, Clients.KEYED).limit(3));
    long answered = clients.tick();
    for (Lease lease : claimed) {
      clients.keep(new Call(begun, answered, new Call.Claim(lease.jobId(), lease.fence())));
    }
    leases.addAll(claimed);
  }

  /// A lease is used again now and then though its job has ended.
  private void end() {
    if (!leases.isEmpty()) {
      Lease lease = leases.get(random.nextInt(leases.size()));
      switch (random.nextInt(5)) {
        case 0 -> end(lease, lease::handBack, "ready", "cancelled");
        case 1 -> end(lease, () -> lease.fail(failure()), "scheduled", "failed", "cancelled");
        case 2 -> end(lease, () -> lease.defer(Duration.ZERO, "x"), "scheduled", "cancelled");
        default -> end(lease, lease::complete, "done");
      }
      if (random.nextInt(4) > 0) {
        leases.remove(lease);
      }
    }
  }

  private void end(Lease lease, Supplier<Boolean> ask, String... states) {
    call(ask, held -> new Call.End(lease.jobId(), lease.fence(), List.of(states), held));
  }

  private Failure failure() {
    return new Failure(FailureClass.TRANSIENT, "no", "not now");
  }

  // ---- requests

  private void cancel() {
    long job = some();
    String reason = number + "-" + clients.tick() + "-" + random.nextLong();
    call(
        () -> quern.jobs().cancel(job, reason),
        (CancelResult result) -> new Call.Cancel(job, reason, result));
  }

  private void requeue() {
    long job = some();
    if (job % Clients.THREADS == number) {
      call(
          () -> quern.jobs().requeue(job), answer -> new Call.Requeue(job, answer.requeued() == 1));
    }
  }

  private void delete() {
    long job = some();
    call(() -> quern.jobs().delete(job), deleted -> new Call.Delete(job, deleted));
  }

  // ---- reads

  private void get() {
    long job = some();
    call(() -> quern.jobs().get(job), found -> new Call.Get(job, found.map(Client::seen)));
  }

  private void count() {
    call(
        () -> quern.jobs().counts(),
        counts -> {
          Map<String, Map<String, Long>> jobs = new TreeMap<>();
          counts
              .byKind()
              .forEach((kind, states) -> {
                Map<String, Long> named = new TreeMap<>();
                states.forEach((state, count) -> named.put(state.label(), count));
                jobs.put(kind, named);
              });
          return new Call.Count(jobs);
        });
  }

  private void list() {
    long begun = clients.tick();
    Page page = quern.jobs().list(JobFilter.ALL.kind(Clients.KEYED).limit(1_000));
    long answered = clients.tick();
    if (page.next().isEmpty()) {
      List<Call.Seen> seen = page.jobs().stream().map(Client::seen).toList();
      clients.keep(new Call(begun, answered, new Call.ListKind(Clients.KEYED, seen)));
    }
  }

  private static Call.What answer(List<Enqueued> told) {
    return new Call.Enqueue(
        told.stream().map(Enqueued::id).toList(), told.stream().map(Enqueued::isNew).toList());
  }

  private static Call.Seen seen(Job job) {
    return new Call.Seen(job.id(), job.state().label(), job.fence(), job.requeues());
  }
}
