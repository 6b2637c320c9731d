package dev.quern.program;

import dev.quern.Failure;
import dev.quern.FailureClass;
import java.util.List;

/// How a program ended.
///
/// @param code its exit code; 128 and the number of a signal if it died of that
record Exit(int code) {
  private static final int UNRECOVERABLE = 65;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int SIGNALS = 128;
  private static final int LAST_SIGNAL = 64;

  private static final List<String> LINUX =
      names(
          "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT"
              + " STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS");
  private static final List<String> BSD =
      names(
          "HUP INT QUIT ILL TRAP ABRT EMT FPE KILL BUS SEGV SYS PIPE ALRM TERM URG STOP TSTP CONT"
              + " CHLD TTIN TTOU IO XCPU XFSZ VTALRM PROF WINCH INFO USR1 USR2");

  private static List<String> names(String names) {
    return List.of(names.split(" "));
  }

  /// Whether the program did its work.
  boolean done() {
    return code == 0;
  }

  /// What the job is told of an end that was not good.
  ///
  /// @param lastWords of its standard error; may be empty
  Failure failure(String lastWords) {
    FailureClass failureClass =
        code == UNRECOVERABLE ? FailureClass.UNRECOVERABLE : FailureClass.TRANSIENT;
    String said = lastWords.isEmpty() ? "; standard error is empty" : ": " + lastWords;
    return new Failure(failureClass, failureCode(), what() + said);
  }

  private String failureCode() {
    return ofSignal() ? "signal_" + signal() : "exit_" + code;
  }

  private String what() {
    if (ofSignal()) {
      return "died of signal " + signal() + signalName();
    }
    return switch (code) {
      case NOT_EXECUTABLE -> "exit code 126, the program cannot be executed";
      case NOT_FOUND -> "exit code 127, the program was not found";
      default -> "exit code " + code;
    };
  }

  private boolean ofSignal() {
    return code > SIGNALS && code <= SIGNALS + LAST_SIGNAL;
  }

  private int signal() {
    return code - SIGNALS;
  }

  private String signalName() {
    List<String> names = System.getProperty("os.name").equals("Linux") ? LINUX : BSD;
    return signal() <= names.size() ? " (SIG" + names.get(signal() - 1) + ")" : "";
  }
}
