package dev.quern.it;

import java.nio.file.Files;
import java.util.List;

/// Programs that say that they have begun, and wait until they are let go of; then they print their
/// line.
///
/// @param place where they run
record Waiters(Place place) {
  /// What `--exec` takes.
  static final String COMMAND =
      "echo \"$1\" >> began; until [ -e go ]; do sleep 0.02; done; echo \"$1\"";

  /// The lines whose programs have begun, in that order.
  List<String> begun() {
    return Processes.text(place.file("began")).lines().toList();
  }

  void await(int programs) throws InterruptedException {
    Processes.await(programs + " programs to begin", () -> begun().size() == programs);
  }

  void letGo() throws Exception {
    Files.createFile(place.file("go"));
  }
}
