package dev.quern.it;

import java.util.ArrayList;
import java.util.List;

/// A user who is not root, and owns nothing here if this is root.
final class Nobody {
  private static final String ID = "65534";

  private Nobody() {}

  static boolean isRoot() {
    return Processes.exists("sh", "-c", "test $(id -u) = 0");
  }

  /// The words that run these words as nobody. A test is skipped where that is not possible.
  ///
  /// @param check words that must do well then
  static List<String> words(List<String> check, List<String> words) {
    if (!isRoot()) {
      return words;
    }
    Needs.that(
        Processes.exists(as(check).toArray(String[]::new)),
        "'setpriv' cannot run " + check.getFirst() + " as another user");
    return as(words);
  }

  private static List<String> as(List<String> words) {
    List<String> all =
        new ArrayList<>(List.of("setpriv", "--reuid", ID, "--regid", ID, "--clear-groups"));
    all.addAll(words);
    return all;
  }
}
