package dev.quern.model;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/// Where an engine and its model part.
///
/// @param step the index of the last command
/// @param commands what was asked until then, as it was asked
/// @param of what differs
/// @param expected by the model
/// @param actual what the engine said
record Difference(int step, List<Command> commands, String of, Object expected, Object actual) {

  private static final int LONG = 400;

  /// For people, one command a line.
  String report() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < commands.size(); i++) {
      out.append("%4d  %s\n".formatted(i + 1, commands.get(i)));
    }
    return out.append(of).append(" differs\n").append(lines(expected, actual)).toString();
  }

  /// The first place where two values differ, as deep as lists and records go.
  private static String lines(Object expected, Object actual) {
    if (expected instanceof List<?> left && actual instanceof List<?> right) {
      int i = 0;
      while (i < left.size() && i < right.size() && left.get(i).equals(right.get(i))) {
        i++;
      }
      return "  at %d of %d:\n%s".formatted(i, left.size(), lines(at(left, i), at(right, i)));
    }
    boolean sameRecord = expected instanceof Record && expected.getClass() == actual.getClass();
    return sameRecord
        ? components(expected, actual)
        : "  model:  %s\n  engine: %s\n".formatted(shortened(expected), shortened(actual));
  }

  private static Object at(List<?> list, int index) {
    return index < list.size() ? list.get(index) : "nothing";
  }

  private static String shortened(Object value) {
    String text = value.toString();
    return text.length() > LONG ? text.substring(0, LONG) + "…" : text;
  }

  private static String components(Object expected, Object actual) {
    List<String> differing = new ArrayList<>();
    for (RecordComponent component : expected.getClass().getRecordComponents()) {
      Object left = value(component, expected);
      Object right = value(component, actual);
      if (!left.equals(right)) {
        String both = "model %s, engine %s".formatted(shortened(left), shortened(right));
        differing.add("  %s: %s\n".formatted(component.getName(), both));
      }
    }
    Object first = value(expected.getClass().getRecordComponents()[0], expected);
    return "  %s %s:\n%s"
        .formatted(expected.getClass().getSimpleName(), first, String.join("", differing));
  }

  private static Object value(RecordComponent component, Object of) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
