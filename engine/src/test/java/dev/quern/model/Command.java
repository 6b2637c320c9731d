package dev.quern.model;

import dev.quern.ClaimRequest;
import dev.quern.JobFilter;
import dev.quern.KindPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// One thing to ask of both sides.
sealed interface Command {

  /// Asks it; the answers of both sides must be equal.
  Object on(Side side);

  /// The command that says outright what this one leaves to the state of things, so that a sequence
  /// keeps its sense when commands are left out of it.
  default Command exact(Model model) {
    return this;
  }

  /// A command for the job or lease that is so far `back` from the newest one that fits.
  record Aimed(Aim aim, int back, IntFunction<Command> command) implements Command {
    @Override
    public Object on(Side side) {
      throw new IllegalStateException("only its exact form can be asked");
    }

    @Override
    public Command exact(Model model) {
      return command.apply(aim.in(model, back));
    }
  }

  record Enqueue(List<Draft> drafts) implements Command {
    @Override
    public Object on(Side side) {
      return side.enqueue(drafts);
    }
  }

  record EnqueueInside(List<Draft> drafts, boolean commits) implements Command {
    @Override
    public Object on(Side side) {
      return side.enqueueInside(drafts, commits);
    }
  }

  record Claim(ClaimRequest request) implements Command {
    @Override
    public Object on(Side side) {
      return side.claim(request);
    }
  }

  /// Asks something of a lease, if there is one.
  sealed interface OfLease extends Command {
    int lease();

    Object onLease(Side side);

    @Override
    default Object on(Side side) {
      return lease() > 0 ? onLease(side) : "no lease";
    }
  }

  record End(int lease, Ending ending) implements OfLease {
    @Override
    public Object onLease(Side side) {
      return side.end(lease, ending);
    }
  }

  record Renew(int lease, Duration by) implements OfLease {
    @Override
    public Object onLease(Side side) {
      return side.renew(lease, by);
    }
  }

  record CancelRequested(int lease) implements OfLease {
    @Override
    public Object onLease(Side side) {
      return side.cancelRequested(lease);
    }
  }

  record Cancel(int job, String reason) implements Command {
    @Override
    public Object on(Side side) {
      return side.cancel(job, reason);
    }
  }

  record Requeue(int job) implements Command {
    @Override
    public Object on(Side side) {
      return side.requeue(job);
    }
  }

  /// What is due is done before: it takes several transactions, and each does what is due.
  record RequeueFailed(Optional<String> kind, boolean recoverableOnly) implements Command {
    @Override
    public Object on(Side side) {
      side.tick();
      return side.requeueFailed(kind, recoverableOnly);
    }
  }

  record Delete(int job) implements Command {
    @Override
    public Object on(Side side) {
      return side.delete(job);
    }
  }

  record Policy(String kind, KindPolicy policy) implements Command {
    @Override
    public Object on(Side side) {
      return side.policy(kind, policy);
    }
  }

  record Pause(String kind) implements Command {
    @Override
    public Object on(Side side) {
      side.pause(kind, "so it is");
      return side.kinds();
    }
  }

  record Resume(String kind) implements Command {
    @Override
    public Object on(Side side) {
      side.resume(kind);
      return side.kinds();
    }
  }

  /// What is due is done before, as in [RequeueFailed].
  record PurgeRetired() implements Command {
    @Override
    public Object on(Side side) {
      side.tick();
      return side.purgeRetired();
    }
  }

  /// Lets time pass: to so many milliseconds after one of the next times at which something is due,
  /// or after now.
  record Wait(Optional<Integer> edge, long millis) implements Command {
    @Override
    public Object on(Side side) {
      throw new IllegalStateException("only its exact form can be asked");
    }

    @Override
    public Command exact(Model model) {
      List<Long> edges = model.store().edges();
      long from = edge.filter(i -> i < edges.size()).map(edges::get).orElse(model.store().now);
      return new Clock(model.store().settledWall(Math.max(model.store().now, from + millis)));
    }
  }

  /// Sets the clock. What was due is done before, and the handlers at work end.
  record Clock(long millis) implements Command {
    @Override
    public Object on(Side side) {
      int ran = side.tick();
      side.clock(millis);
      return ran;
    }

    @Override
    public String toString() {
      return "Clock[start + %s]"
          .formatted(Duration.ofMillis(millis - Scenario.START.toEpochMilli()));
    }
  }

  record Tick() implements Command {
    @Override
    public Object on(Side side) {
      return side.tick();
    }
  }

  /// Sets the clock of the wall back for a while.
  record SetBack(long by) implements Command {
    @Override
    public Object on(Side side) {
      throw new IllegalStateException("only its exact form can be asked");
    }

    @Override
    public Command exact(Model model) {
      return new Clock(model.store().settledWall(model.store().now - by));
    }
  }

  /// A new engine knows of the time of its store only roughly, so the wall tells the right one
  /// first.
  record Reopen(long now) implements Command {
    @Override
    public Object on(Side side) {
      side.clock(now);
      side.reopen();
      return true;
    }

    @Override
    public Command exact(Model model) {
      return new Reopen(model.store().now);
    }
  }

  /// Asks another engine, which is gone afterwards. This one is given the moment that it may take
  /// to notice.
  record Elsewhere(Command command, long now, long then) implements Command {
    private static final long NOTICE_MILLIS = 1_001;

    Elsewhere(Command command) {
      this(command, 0, 0);
    }

    @Override
    public Object on(Side side) {
      side.clock(now);
      side.tick();
      Object answer = side.elsewhere(command);
      side.clock(then);
      side.tick();
      return answer;
    }

    @Override
    public Command exact(Model model) {
      long then = model.store().settled(model.store().now + NOTICE_MILLIS);
      return new Elsewhere(command.exact(model), model.store().now, then);
    }
  }

  record Get(int job) implements Command {
    @Override
    public Object on(Side side) {
      return side.get(job);
    }
  }

  record Why(int job) implements Command {
    @Override
    public Object on(Side side) {
      return side.why(job);
    }
  }

  record Listed(JobFilter filter) implements Command {
    @Override
    public Object on(Side side) {
      return side.list(filter);
    }
  }
}
