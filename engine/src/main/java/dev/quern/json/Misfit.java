package dev.quern.json;

import java.util.ArrayList;
import java.util.List;

/// Says that a value and a type do not fit. On its way out it collects the path to the value.
final class Misfit extends IllegalArgumentException {

  private static final long serialVersionUID = 1;
  private static final int LONGEST_PATH = 12;
  private static final int LONGEST_PLAIN_NAME = 100;

  /// From the value outwards.
  private final transient List<String> path = new ArrayList<>();

  Misfit(String problem) {
    super(problem);
  }

  private Misfit(String problem, Throwable cause) {
    super(problem, cause);
  }

  /// What a shape throws that expected something else.
  static Misfit expected(String what, JsonValue found) {
    return new Misfit("expected " + what + " but found " + Found.value(found));
  }

  static Misfit of(IllegalArgumentException e) {
    return e instanceof Misfit misfit ? misfit : by(e);
  }

  /// What follows from an exception in the code of a record.
  static Misfit by(Throwable e) {
    boolean speaks = e instanceof IllegalArgumentException && e.getMessage() != null;
    return new Misfit(speaks ? e.getMessage() : e.toString(), e);
  }

  Misfit inMember(String name) {
    return in(isIdentifier(name) ? "." + name : "[\"" + Found.excerpt(name) + "\"]");
  }

  Misfit inElement(int index) {
    return in("[" + index + "]");
  }

  IllegalArgumentException atRoot() {
    return new IllegalArgumentException("$" + pathText() + ": " + getMessage(), getCause());
  }

  /// Without a stack trace: users see that of [#atRoot].
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  private Misfit in(String element) {
    path.add(element);
    return this;
  }

  private String pathText() {
    var outwards = path.reversed();
    if (outwards.size() <= LONGEST_PATH) {
      return String.join("", outwards);
    }
    int half = LONGEST_PATH / 2;
    return String.join("", outwards.subList(0, half))
        + " … "
        + String.join("", outwards.subList(outwards.size() - half, outwards.size()));
  }

  private static boolean isIdentifier(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_PLAIN_NAME
        && name.chars().allMatch(Misfit::isPartOfIdentifier);
  }

  private static boolean isPartOfIdentifier(int c) {
    return Character.isJavaIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }
}
