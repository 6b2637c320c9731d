package dev.quern.http;

import dev.quern.ClaimRequest;
import dev.quern.Lease;
import dev.quern.Leases;
import dev.quern.StandingClaim;
import dev.quern.json.JsonWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Claims of workers, which may wait. While one waits, a space goes out every five seconds, which
/// JSON allows before a value: so a worker that is gone is noticed before it is given a job. Jobs
/// whose answer cannot be written are given back.
final class Claiming {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

  /// A space that goes out right before the answer makes a dead connection fail at the answer.
  /// Where the system holds back small packets it would cost the answer 40 ms.
  private static final boolean PROBES = Boolean.getBoolean("sun.net.httpserver.nodelay");

  private final Meter meter;
  private final Replays replays = new Replays();
  private final Set<StandingClaim> waiting = ConcurrentHashMap.newKeySet();

  Claiming(Meter meter) {
    this.meter = meter;
  }

  /// A claim.
  ///
  /// @param key what its request is known by
  /// @param writer writes the answer, given the jobs
  record Wanted(
      ClaimRequest request, Optional<Replays.Key> key, Duration patience, Writer writer) {}

  /// Writes the members of an answer.
  interface Writer {
    void write(JsonWriter json, List<Lease> jobs);
  }

  /// How many wait now.
  int waiting() {
    return waiting.size();
  }

  /// Ends all waits.
  void drain() {
    waiting.forEach(StandingClaim::close);
  }

  /// Answers a claim: at once if there are jobs, or nobody wants to wait.
  Answer answer(Call call, Wanted wanted) throws InterruptedException {
    Optional<List<Lease>> again = replays.find(wanted.key());
    if (again.isPresent()) {
      return whole(call, wanted, again.get());
    }
    StandingClaim claim = call.view().standingClaim(wanted.request());
    List<Lease> jobs = claim.await(Duration.ZERO);
    if (jobs.isEmpty() && !wanted.patience().isZero()) {
      call.mayTake(wanted.patience());
      return Answer.stream("application/json", out -> new Poll(call, wanted, claim, out).run());
    }
    claim.close();
    replays.keep(wanted.key(), jobs);
    meter.claimed(jobs.isEmpty() ? "empty" : "jobs");
    return whole(call, wanted, jobs);
  }

  private Answer whole(Call call, Wanted wanted, List<Lease> jobs) {
    return Answer.json(json -> wanted.writer().write(json, jobs))
        .undelivered(() -> release(call, wanted, jobs));
  }

  private void release(Call call, Wanted wanted, List<Lease> jobs) {
    replays.forget(wanted.key());
    meter.claimed("disconnected");
    call.view()
        .leases()
        .ack(
            jobs.stream()
                .map(job -> new Leases.Ack(job.jobId(), job.fence(), new Leases.End.Released()))
                .toList());
  }

  /// A claim that waits.
  private final class Poll {
    private final Call call;
    private final Wanted wanted;
    private final StandingClaim claim;
    private final OutputStream out;
    private final long deadline;

    Poll(Call call, Wanted wanted, StandingClaim claim, OutputStream out) {
      this.call = call;
      this.wanted = wanted;
      this.claim = claim;
      this.out = out;
      this.deadline = System.nanoTime() + wanted.patience().toNanos();
    }

    void run() throws IOException {
      waiting.add(claim);
      try (claim) {
        List<Lease> jobs = await();
        replays.keep(wanted.key(), jobs);
        deliver(jobs);
        meter.claimed(jobs.isEmpty() ? "empty" : "jobs");
      } finally {
        waiting.remove(claim);
      }
    }

    private List<Lease> await() throws IOException {
      List<Lease> jobs = List.of();
      while (jobs.isEmpty() && left() > 0 && !call.draining().getAsBoolean()) {
        keepAlive();
        jobs = jobs();
      }
      return jobs;
    }

    private long left() {
      return deadline - System.nanoTime();
    }

    private void keepAlive() throws IOException {
      try {
        out.write(' ');
        out.flush();
      } catch (IOException gone) {
        meter.claimed("disconnected");
        throw gone;
      }
    }

    /// The jobs; or those that the same request got on another connection, which the worker gave
    /// up.
    private List<Lease> jobs() throws IOException {
      try {
        List<Lease> jobs = claim.await(Duration.ofNanos(Math.min(left(), KEEP_ALIVE.toNanos())));
        return jobs.isEmpty() ? replays.find(wanted.key()).orElse(jobs) : jobs;
      } catch (InterruptedException _) {
        throw new InterruptedIOException("the time is up");
      }
    }

    private void deliver(List<Lease> jobs) throws IOException {
      try {
        if (PROBES && !jobs.isEmpty()) {
          keepAlive();
        }
        out.write(text(json -> wanted.writer().write(json, jobs)));
        if (PROBES) {
          // Closing says nothing of a connection that is dead.
          out.flush();
        }
      } catch (IOException gone) {
        release(call, wanted, jobs);
        throw gone;
      }
    }

    private byte[] text(Consumer<JsonWriter> value) {
      StringBuilder text = new StringBuilder();
      value.accept(new JsonWriter(text));
      return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
