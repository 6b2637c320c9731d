package dev.quern.core;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.LogLine;
import java.util.List;
import java.util.Optional;

/// The end of an attempt, to be recorded if its fence still holds.
///
/// @param jobId the job
/// @param fence the claim that ends
/// @param lane the job's lane
/// @param startedAt when the attempt began
/// @param verdict how it ended
/// @param notes what its handler said and is not written yet
/// @param freesSlot whether a slot of our own pool is free with it
record Settlement(
    long jobId,
    long fence,
    Lane lane,
    long startedAt,
    Verdict verdict,
    Notes notes,
    boolean freesSlot) {

  /// What a handler said of its job.
  ///
  /// @param progress how far it was
  /// @param note what it said of that
  /// @param lines what it logged
  record Notes(Optional<Double> progress, Optional<String> note, List<LogLine> lines) {
    static final Notes NONE = new Notes(Optional.empty(), Optional.empty(), List.of());

    boolean empty() {
      return this == NONE;
    }
  }

  /// The end of an attempt of which its handler has said nothing that is not written.
  static Settlement of(Claimed job, Verdict verdict) {
    return of(job, verdict, Notes.NONE, false);
  }

  /// The end of an attempt.
  static Settlement of(Claimed job, Verdict verdict, Notes notes, boolean freesSlot) {
    return new Settlement(
        job.id(), job.fence(), job.lane(), job.startedAt(), verdict, notes, freesSlot);
  }

  /// The same attempt as one that failed, since its tenant has no room for the follow-ups.
  Settlement failed(Refusal refusal) {
    Failure failure = new Failure(FailureClass.TRANSIENT, "quota_exceeded", refusal.message());
    return new Settlement(
        jobId, fence, lane, startedAt, new Verdict.Failed(failure), notes, freesSlot);
  }

  /// Whether it needs no more than a line of the batch of completions.
  boolean plain() {
    return verdict instanceof Verdict.Done done && done.followUps().isEmpty() && notes.empty();
  }

  int bytes() {
    return verdict instanceof Verdict.Done done
        ? 100 + done.result().map(String::length).orElse(0)
        : 500;
  }
}
