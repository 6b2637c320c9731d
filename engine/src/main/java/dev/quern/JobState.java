package dev.quern;

import java.util.Locale;

/// Where a job stands. What moves it from one state to the next is a [Transition].
public enum JobState {
  /// Other jobs must be done first.
  WAITING,
  /// Its time has not come: delayed, deferred, or backing off after a failure.
  SCHEDULED,
  /// Any worker that serves its kind may claim it.
  READY,
  /// A worker holds its lease.
  RUNNING,
  /// Ended well.
  DONE,
  /// Ended badly: unrecoverable, or out of attempts or losses. These are the dead letters.
  FAILED,
  /// Ended by request.
  CANCELLED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// The name in SQL, JSON and on the command line: lower case.
  public String label() {
    return label;
  }

  /// Whether the job has not ended; live jobs hold their dedupe key.
  public boolean live() {
    return ordinal() <= RUNNING.ordinal();
  }

  /// Whether the job has ended; retention deletes ended jobs.
  public boolean ended() {
    return !live();
  }

  /// The state with this label.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists them
  public static JobState of(String label) {
    return Labels.find(JobState.class, label, JobState::label);
  }
}
