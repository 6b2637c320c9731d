package dev.quern;

import java.util.Locale;

/// What kind of failure ended an attempt; it decides whether the job is tried again.
public enum FailureClass {
  /// May succeed later; the class of an ordinary exception. Spends an attempt and backs off.
  TRANSIENT,
  /// The handler took longer than its kind allows. Treated as transient.
  TIMEOUT,
  /// The worker died or lost its lease. Spends a loss, no attempt.
  LOST,
  /// Cannot succeed: the job fails at once. An unreadable payload is of this class.
  UNRECOVERABLE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// The name in SQL and JSON: lower case.
  public String label() {
    return label;
  }

  /// The class with this label.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists them
  public static FailureClass of(String label) {
    return Labels.find(FailureClass.class, label, FailureClass::label);
  }
}
