package dev.quern.bench;

import java.util.Locale;

/// Numbers as people read them: three digits that mean something, thousands apart.
final class Figures {
  private Figures() {}

  static String of(Reading reading) {
    return of(reading.value(), reading.unit());
  }

  static String of(double value, String unit) {
    return unit.isEmpty() ? of(value) : of(value) + " " + unit;
  }

  static String of(double value) {
    double size = Math.abs(value);
    return size >= 100 || value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", rounded(value))
        : String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
  }

  private static double rounded(double value) {
    double step =
        Math.abs(value) < 1_000 ? 1 : Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
    return Math.rint(value) == value && Math.abs(value) < 1e5
        ? value
        : Math.rint(value / step) * step;
  }
}
