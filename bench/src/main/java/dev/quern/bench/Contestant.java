package dev.quern.bench;

import java.util.List;

/// Something that is measured in turn with others.
interface Contestant {
  /// Measures once; the first reading is what it is compared by.
  List<Reading> run() throws Exception;
}
