package dev.quern.simulation;

/// Something that must not be.
///
/// @param sort what it counts as
record Problem(Sort sort, String text) {
  /// What a problem counts as.
  enum Sort {
    LOST,
    UNEXPECTED,
    DUPLICATED
  }

  static Problem lost(String text) {
    return new Problem(Sort.LOST, text);
  }

  static Problem unexpected(String text) {
    return new Problem(Sort.UNEXPECTED, text);
  }

  static Problem duplicated(String text) {
    return new Problem(Sort.DUPLICATED, text);
  }
}
