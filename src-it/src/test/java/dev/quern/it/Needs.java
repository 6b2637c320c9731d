package dev.quern.it;

import org.junit.jupiter.api.Assumptions;

/// What a test needs of the system. Where it is not there, the test is skipped, with the reason.
final class Needs {
  private Needs() {}

  static void that(boolean there, String reason) {
    if (!there) {
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
    }
  }
}
