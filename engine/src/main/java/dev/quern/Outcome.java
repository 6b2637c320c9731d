package dev.quern;

import java.util.Locale;

/// How an attempt ended.
public enum Outcome {
  /// The handler returned.
  DONE,
  /// The handler failed or took too long.
  FAILED,
  /// The handler asked to be called later.
  DEFERRED,
  /// The worker stopped and gave the job back.
  RELEASED,
  /// The worker died or lost its lease.
  LOST,
  /// The job was cancelled while it ran.
  CANCELLED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// The name in SQL and JSON: lower case.
  public String label() {
    return label;
  }

  /// The outcome with this label.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists them
  public static Outcome of(String label) {
    return Labels.find(Outcome.class, label, Outcome::label);
  }
}
