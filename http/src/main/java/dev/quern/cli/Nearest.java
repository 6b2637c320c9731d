package dev.quern.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody meant who mistyped.
final class Nearest {
  private Nearest() {}

  /// What to add to "unknown option --jbos": the nearest of `known`, or else `otherwise`.
  static String hint(String typed, Collection<String> known, String otherwise) {
    return of(typed, known).map(near -> ": did you mean " + near + "?").orElse(": " + otherwise);
  }

  /// The nearest of `known`, if it is near at all.
  static Optional<String> of(String typed, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(word -> distance(typed, word)))
        .filter(word -> distance(typed, word) <= tolerance(typed, word));
  }

  private static int tolerance(String typed, String word) {
    return Math.max(1, Math.min(bare(typed), bare(word)) / 2);
  }

  private static int bare(String word) {
    return word.startsWith("--") ? word.length() - 2 : word.length();
  }

  /// How many letters must be added, dropped, changed or swapped with their neighbours.
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(a, b, d, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(String a, String b, int[][] d, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}
