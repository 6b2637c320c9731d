package dev.quern;

import java.util.Locale;

/// What a worker is told to do.
public enum Directive {
  /// Work.
  RUN,
  /// Take no more jobs; finish those it has.
  QUIET,
  /// Take no more jobs, finish those it has, and end. A pool of handlers is part of an application
  /// and cannot end by itself: for it this is the same as [#QUIET].
  STOP;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// The name in SQL and JSON, such as `quiet`.
  public String label() {
    return label;
  }

  /// The directive with this label.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists them
  public static Directive of(String label) {
    return Labels.find(Directive.class, label, Directive::label);
  }
}
