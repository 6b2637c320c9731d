package dev.quern.bench;

import java.util.Optional;

/// Something to reach.
///
/// @param atLeast whether the goal is a lower bound
/// @param measured empty if it was not measured
/// @param note what the figure is of
record Target(
    String text,
    double goal,
    String unit,
    boolean atLeast,
    Optional<Double> measured,
    String note) {

  static Target atLeast(String text, double goal, Optional<Double> measured) {
    return new Target(text, goal, "", true, measured, "");
  }

  static Target atMost(String text, double goal, String unit, Optional<Double> measured) {
    return new Target(text, goal, unit, false, measured, "");
  }

  Target note(String note) {
    return new Target(text, goal, unit, atLeast, measured, note);
  }

  String verdict() {
    return measured
        .map(value -> reached(value) ? "reached" : "**not reached**")
        .orElse("not measured");
  }

  private boolean reached(double value) {
    return atLeast ? value >= goal : value <= goal;
  }

  String row() {
    return "| %s%s | %s %s | %s | %s |"
        .formatted(
            text,
            note.isEmpty() ? "" : " (" + note + ")",
            atLeast ? "≥" : "≤",
            Figures.of(goal, unit),
            measured.map(value -> Figures.of(value, unit)).orElse("–"),
            verdict());
  }
}
