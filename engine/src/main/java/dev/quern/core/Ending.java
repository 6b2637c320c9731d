package dev.quern.core;

/// How far the end of an attempt is: kept with the attempt until it is durable, so that it can be
/// tried again although there is no memory left to remember that. Safe for use by several threads.
final class Ending {
  private final Attempting attempt;
  private volatile boolean launched;
  private volatile boolean returned;
  private volatile Verdict verdict;
  private volatile Settlement settlement;
  private volatile boolean handedIn;
  private volatile boolean written;
  private volatile boolean refused;

  Ending(Attempting attempt) {
    this.attempt = attempt;
  }

  /// Whether the attempt has a thread.
  boolean launched() {
    return launched;
  }

  void launched(boolean launched) {
    this.launched = launched;
  }

  /// Whether its handler has returned, or will never be called.
  boolean returned() {
    return returned;
  }

  void noteReturn() {
    returned = true;
  }

  /// Whether it has ended: its end is on its way to the store, or there.
  boolean settled() {
    return verdict != null;
  }

  void settle(Verdict verdict) {
    this.verdict = verdict;
  }

  /// The end to be recorded, the same each time it is asked for.
  Settlement settlement() {
    if (settlement == null) {
      settlement = attempt.settlement(verdict, returned);
    }
    return settlement;
  }

  /// Whether it is with the writer, which writes it before it closes.
  boolean handedIn() {
    return handedIn;
  }

  void noteHandedIn() {
    handedIn = true;
  }

  /// Whether it is durable.
  boolean written() {
    return written;
  }

  void written(boolean written) {
    this.written = written;
    // To write here costs more than to look: others have the line in their caches.
    if (refused == written) {
      refused = !written;
    }
  }

  /// Whether it could not be written and is to be tried again; says so once.
  boolean takeRefused() {
    boolean again = refused;
    refused = false;
    return again;
  }
}
