package dev.quern.core;

import dev.quern.Lease;
import dev.quern.StandingClaim;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A claim by hand that waits for jobs.
public final class Standing implements StandingClaim {
  private final Core core;
  private final Demand demand;
  private final Duration lease;
  private final Wish wish;
  private List<Claimed> claimed = List.of();
  private boolean closed;

  /// What one waits for: where one waits in vain, so does another with the same wish.
  record Wish(Set<String> kinds, Set<String> capabilities, Scope scope) {}

  Standing(Core core, Demand demand, Duration lease) {
    this.core = core;
    this.demand = demand;
    this.lease = lease;
    this.wish = new Wish(demand.kinds(), demand.capabilities(), demand.scope());
  }

  Demand demand() {
    return demand;
  }

  Wish wish() {
    return wish;
  }

  synchronized boolean closed() {
    return closed;
  }

  /// Takes what was claimed for it, which is durable. Called by the thread that writes.
  synchronized void deliver(List<Claimed> jobs) {
    if (closed) {
      handBack(jobs);
    } else {
      claimed = jobs;
      notifyAll();
    }
  }

  /// Whoever waits need not wait any more.
  synchronized void end() {
    closed = true;
    notifyAll();
  }

  @Override
  public synchronized List<Lease> await(Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    while (claimed.isEmpty() && !closed && !core.manual()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    List<Claimed> taken = claimed;
    claimed = List.of();
    return core.leases(taken, lease);
  }

  @Override
  public synchronized void close() {
    closed = true;
    handBack(claimed);
    claimed = List.of();
    notifyAll();
  }

  /// Nobody waits for the answer: what is not given back is lost when its lease runs out.
  private void handBack(List<Claimed> jobs) {
    try {
      jobs.forEach(this::handBack);
    } catch (IllegalStateException _) {
      // The engine is closed.
    }
  }

  private void handBack(Claimed job) {
    core.settle(Settlement.of(job, Verdict.HandedBack.PLAIN), (_, _) -> {});
  }
}
