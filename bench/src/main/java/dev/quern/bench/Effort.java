package dev.quern.bench;

/// How much time a run may take.
///
/// @param quick whether two minutes for everything matter more than steady figures
record Effort(boolean quick) {
  int pick(int ifQuick, int ifFull) {
    return quick ? ifQuick : ifFull;
  }
}
