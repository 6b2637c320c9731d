package dev.quern.model;

import dev.quern.json.JsonCodec;
import java.util.List;
import java.util.Optional;

/// The payload of a handled job: what its handler does.
///
/// @param act how it ends
/// @param note what it says of its progress, and logs
/// @param millis how long it wants to wait, where its act waits
/// @param followUps the dedupe keys of jobs that it adds; an empty one is none
record Script(Act act, Optional<String> note, long millis, List<String> followUps) {

  /// What a handler can do.
  enum Act {
    RETURN,
    RETURN_RESULT,
    FAIL,
    GIVE_UP,
    RETRY_AFTER,
    DEFER,
    STUMBLE,
    /// Completes in a transaction of its own, then returns.
    COMMIT,
    COMMIT_THEN_STUMBLE,
    /// Completes in a transaction of its own, undoes that, and returns.
    ROLL_BACK,
    ROLL_BACK_THEN_STUMBLE;

    boolean commits() {
      return this == COMMIT || this == COMMIT_THEN_STUMBLE;
    }
  }

  /// The kind of the jobs that handlers add.
  static final String FOLLOW_UP = "report";

  static final String RESULT = "{\"sum\":1}";

  private static final JsonCodec CODEC = new JsonCodec();

  String payload() {
    return CODEC.encode(this);
  }

  /// The script in a payload; empty where no handler can read it.
  static Optional<Script> of(String payload) {
    try {
      return Optional.of(CODEC.decode(payload, Script.class));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// What a handler that cannot read a payload says.
  static String complaint(String payload) {
    try {
      return "nothing: it reads " + CODEC.decode(payload, Script.class);
    } catch (IllegalArgumentException e) {
      return "the payload does not fit Script: " + e.getMessage();
    }
  }

  List<Draft> drafts() {
    return followUps.stream().map(Script::draft).toList();
  }

  private static Draft draft(String key) {
    return Draft.plain(FOLLOW_UP, "7", Optional.of(key).filter(some -> !some.isEmpty()));
  }

  /// What a handler throws that says nothing by itself.
  static final class Stumble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stumble() {
      super("stumbled", null, false, false);
    }
  }
}
