package dev.quern.history;

import dev.quern.Backoff;
import dev.quern.CancelResult;
import dev.quern.ClaimRequest;
import dev.quern.Enqueued;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Job;
import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFilter;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Page;
import dev.quern.Quern;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Threads that call an engine all at once, and write down when they called and what they heard.
final class Clients {
  /// The kind that handlers work on.
  static final String HANDLED = "auto";

  private static final String BY_HAND = "hand";

  /// The kind with dedupe keys, which is read as a whole.
  private static final String KEYED = "desk";

  private static final int THREADS = 6;
  private static final int RECENT = 64;

  private final Quern quern;
  private final Path file;
  private final AtomicLong order = new AtomicLong();
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicLongArray recent = new AtomicLongArray(RECENT);
  private final AtomicInteger enqueued = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  Clients(Quern quern, Path file) {
    this.quern = quern;
    this.file = file;
    var soon = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), false);
    for (String kind : List.of(HANDLED, BY_HAND, KEYED)) {
      quern.kinds().policy(kind, policy -> policy.backoff(soon));
    }
    quern.handle(HANDLED, Integer.class, (act, context) -> handle(act, context)).start();
  }

  /// Makes about so many calls; returns all, and those of the handlers.
  List<Call> run(long seed, int count) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Client client = new Client(i, new SplittableRandom(seed + i));
        ends.add(threads.submit(() -> client.run(count / THREADS)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    quern.close();
    return List.copyOf(calls);
  }

  /// How many calls ended with an exception.
  int refused() {
    return refused.get();
  }

  private void handle(int act, JobContext context) {
    long job = context.jobId();
    long fence = context.fence();
    calls.add(new Call(-1, order.incrementAndGet(), new Call.Claim(job, fence)));
    boolean fails = act % 4 == 0;
    boolean defers = act % 4 == 1 && fence < 4;
    List<String> states =
        fails
            ? List.of("scheduled", "failed", "cancelled")
            : defers ? List.of("scheduled", "cancelled") : List.of("done");
    Call.End end = new Call.End(job, fence, states, true);
    calls.add(new Call(order.incrementAndGet(), Call.NEVER, end));
    if (fails) {
      throw new IllegalStateException("no");
    } else if (defers) {
      throw new JobDeferredException(Duration.ZERO, "again");
    }
  }

  /// One of the threads.
  private final class Client {
    private final int number;
    private final RandomGenerator random;
    private final List<Lease> leases = new ArrayList<>();

    Client(int number, RandomGenerator random) {
      this.number = number;
      this.random = random;
    }

    Void run(int count) throws SQLException {
      try (Connection own = DriverManager.getConnection("jdbc:sqlite:" + file)) {
        own.setAutoCommit(false);
        for (int i = 0; i < count; i++) {
          try {
            step(own);
          } catch (RuntimeException fault) {
            refused.incrementAndGet();
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
      long begun = order.incrementAndGet();
      T answer = ask.get();
      calls.add(new Call(begun, order.incrementAndGet(), what.apply(answer)));
      return answer;
    }

    // ---- new jobs

    private List<NewJob> jobs(int count) {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String kind = random.nextInt(3) == 0 ? BY_HAND : HANDLED;
        NewJob job = NewJob.json(kind, "" + random.nextInt(8)).priority(random.nextInt(3));
        jobs.add(random.nextInt(6) > 0 ? job : keyed());
      }
      return jobs;
    }

    private NewJob keyed() {
      return NewJob.json(KEYED, "1").dedupeKey("k" + random.nextInt(20));
    }

    private void enqueue(List<NewJob> jobs) {
      remember(call(() -> quern.enqueueAll(jobs), Clients::enqueue));
    }

    private void enqueueInside(Connection own, List<NewJob> jobs) throws SQLException {
      long begun = order.incrementAndGet();
      List<Enqueued> told = quern.enqueueAll(own, jobs);
      if (random.nextInt(4) == 0) {
        own.rollback();
      } else {
        own.commit();
        calls.add(new Call(begun, order.incrementAndGet(), Clients.enqueue(told)));
        remember(told);
      }
    }

    private void remember(List<Enqueued> told) {
      told.forEach(one -> recent.set(Math.floorMod(enqueued.getAndIncrement(), RECENT), one.id()));
    }

    private long some() {
      return Math.max(1, recent.get(random.nextInt(RECENT)));
    }

    // ---- claims by hand

    private void claim() {
      long begun = order.incrementAndGet();
      List<Lease> claimed = quern.claim(ClaimRequest.of(BY_HAND, KEYED).limit(3));
      long answered = order.incrementAndGet();
      for (Lease lease : claimed) {
        calls.add(new Call(begun, answered, new Call.Claim(lease.jobId(), lease.fence())));
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
      String reason = number + "-" + order.get() + "-" + random.nextLong();
      call(
          () -> quern.jobs().cancel(job, reason),
          (CancelResult result) -> new Call.Cancel(job, reason, result));
    }

    private void requeue() {
      long job = some();
      if (job % THREADS == number) {
        call(
            () -> quern.jobs().requeue(job),
            answer -> new Call.Requeue(job, answer.requeued() == 1));
      }
    }

    private void delete() {
      long job = some();
      call(() -> quern.jobs().delete(job), deleted -> new Call.Delete(job, deleted));
    }

    // ---- reads

    private void get() {
      long job = some();
      call(() -> quern.jobs().get(job), found -> new Call.Get(job, found.map(Clients::seen)));
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
      long begun = order.incrementAndGet();
      Page page = quern.jobs().list(JobFilter.ALL.kind(KEYED).limit(1_000));
      long answered = order.incrementAndGet();
      if (page.next().isEmpty()) {
        List<Call.Seen> seen = page.jobs().stream().map(Clients::seen).toList();
        calls.add(new Call(begun, answered, new Call.ListKind(KEYED, seen)));
      }
    }
  }

  private static Call.What enqueue(List<Enqueued> told) {
    return new Call.Enqueue(
        told.stream().map(Enqueued::id).toList(), told.stream().map(Enqueued::isNew).toList());
  }

  private static Call.Seen seen(Job job) {
    return new Call.Seen(job.id(), job.state().label(), job.fence(), job.requeues());
  }
}
