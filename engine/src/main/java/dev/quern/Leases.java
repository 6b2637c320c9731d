package dev.quern;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Leases by job and fence, many in one call: for workers elsewhere, who hold no [Lease]. Whoever
/// names the right fence of a running job has its lease, also after this process was started anew.
/// Safe for use by several threads; calls block until they are durable.
public sealed interface Leases permits dev.quern.core.LeaseDesk {

  /// Makes leases last longer, and keeps what their workers say of their jobs.
  ///
  /// @return for each whether it still holds
  List<Renewed> renew(List<Renewal> renewals);

  /// Records the ends of attempts, each only under its fence, and enqueues their follow-ups in the
  /// same transaction.
  ///
  /// @return for each what became of it
  /// @throws IllegalArgumentException if a result or a follow-up is refused; then nothing is
  ///   recorded
  List<Acked> ack(List<Ack> acks);

  /// What a worker says of a job it works on.
  ///
  /// @param jobId the job
  /// @param fence its claim
  /// @param by how long the lease lasts from now, between 1 s and 1 h
  /// @param progress between 0 and 1
  /// @param note what it says of that
  /// @param lines for the log of the job
  record Renewal(
      long jobId,
      long fence,
      Duration by,
      Optional<Double> progress,
      Optional<String> note,
      List<String> lines) {

    /// With its bounds checked.
    public Renewal {
      Limits.between("lease", by, Duration.ofSeconds(1), Duration.ofHours(1));
      lines = List.copyOf(lines);
      if (progress.isPresent() && !(progress.get() >= 0 && progress.get() <= 1)) {
        throw new IllegalArgumentException(
            "progress of " + progress.get() + ": must be between 0 and 1");
      }
    }
  }

  /// What became of a renewal.
  enum Renewed {
    /// The lease lasts longer now.
    HELD,
    /// It does, and someone asked for the job to be cancelled.
    CANCEL_REQUESTED,
    /// The lease was lost: the work must stop.
    LOST
  }

  /// How an attempt ended.
  ///
  /// @param jobId the job
  /// @param fence its claim
  /// @param end what its worker says
  record Ack(long jobId, long fence, End end) {}

  /// What a worker says of the end of an attempt. If the job was asked to stop, anything but [Done]
  /// makes it cancelled.
  sealed interface End {
    /// It ended well.
    ///
    /// @param result JSON text
    /// @param followUps enqueued with it
    record Done(Optional<String> result, List<NewJob> followUps) implements End {}

    /// It ended badly.
    ///
    /// @param retryAfter when to try again, at most ten years, where it is not the back-off of the
    ///   kind
    record Failed(Failure failure, Optional<Duration> retryAfter) implements End {
      /// With its bounds checked.
      public Failed {
        retryAfter.ifPresent(Limits::delay);
      }
    }

    /// It cannot work now: the attempt is given back.
    ///
    /// @param delay when to try again, at most ten years
    record Deferred(Duration delay, String reason) implements End {
      /// With its bounds checked.
      public Deferred {
        Limits.delay(delay);
      }
    }

    /// Its worker stops: the attempt is given back.
    record Released() implements End {}
  }

  /// What became of an acknowledgement.
  ///
  /// @param status whether it was recorded
  /// @param state where the job stands now; empty if there is no such job
  record Acked(Status status, Optional<JobState> state) {}

  /// Whether an end was recorded.
  enum Status {
    /// It was.
    OK,
    /// It had been before: the answer to an earlier call may have been lost.
    ALREADY_SETTLED,
    /// The lease was lost, and nothing was recorded.
    LOST
  }
}
