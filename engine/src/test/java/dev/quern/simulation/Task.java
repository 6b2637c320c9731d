package dev.quern.simulation;

/// The payload of a simulated job.
///
/// @param token tells it from all others that were ever asked for
/// @param plan what its handler does, a letter for each claim; after the last one it returns
record Task(long token, String plan) {
  static final char RETURN = 'r';
  static final char RESULT = 's';
  static final char FAIL = 'f';
  static final char GIVE_UP = 'u';
  static final char DEFER = 'd';
  static final char LINGER = 'l';
  static final char LINGER_AND_FAIL = 'k';
  static final char FOLLOW_UP = 'e';
  static final char FOLLOW_UP_AND_FAIL = 'g';
  static final char COMMIT = 'c';
  static final char ROLL_BACK = 'b';
  static final char DIE = 'x';

  static final String ACTS = "rrsffdlkegcbx";
  static final String ACTS_WITHOUT_FAULTS = "rsfdegcb";

  char act(long fence) {
    return fence <= plan.length() ? plan.charAt((int) fence - 1) : RETURN;
  }

  String payload() {
    return "[%d,\"%s\"]".formatted(token, plan);
  }

  static Task of(String payload) {
    int comma = payload.indexOf(',');
    return new Task(
        Long.parseLong(payload.substring(1, comma)),
        payload.substring(comma + 2, payload.length() - 2));
  }
}
