package dev.quern;

import dev.quern.json.Texts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Objects;
import java.util.Optional;

/// Why an attempt failed.
///
/// @param failureClass decides whether the job is tried again
/// @param code short and machine-readable, such as `smtp_550`; at most 64 characters, the rest is
///   cut
/// @param message for people; at most 2,000 characters, the rest is cut
/// @param trace a stack trace, or empty; at most 8,000 characters, the rest is cut
public record Failure(FailureClass failureClass, String code, String message, String trace) {

  /// The longest code, in characters.
  public static final int CODE_LIMIT = 64;

  /// The longest message, in characters.
  public static final int MESSAGE_LIMIT = 2_000;

  /// The longest trace, in characters.
  public static final int TRACE_LIMIT = 8_000;

  /// A failure with its texts cut to their limits and cleaned of what a database cannot hold.
  public Failure {
    Objects.requireNonNull(failureClass, "failureClass");
    code = Texts.cut(code, CODE_LIMIT);
    message = Texts.cut(message, MESSAGE_LIMIT);
    trace = Texts.cut(trace, TRACE_LIMIT);
  }

  /// A failure without a trace.
  public Failure(FailureClass failureClass, String code, String message) {
    this(failureClass, code, message, "");
  }

  /// What an exception says: its simple class name as the code, its message, its trace.
  public static Failure of(FailureClass failureClass, Throwable thrown) {
    String message = Optional.ofNullable(thrown.getMessage()).orElse(thrown.getClass().getName());
    return new Failure(failureClass, codeOf(thrown.getClass()), message, traceOf(thrown));
  }

  /// An anonymous class has no simple name, but what it extends has.
  private static String codeOf(Class<?> type) {
    String name = type.getSimpleName();
    return name.isEmpty() ? codeOf(type.getSuperclass()) : name;
  }

  private static String traceOf(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
