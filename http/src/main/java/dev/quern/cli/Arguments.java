package dev.quern.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was typed after a command: the values of its options, already read, and its operands. Made
/// by [Parser].
///
/// @param command the command
/// @param values the values of the options that were given, by their names; empty for an option
///   without its value
/// @param operands what is no option
record Arguments(Command command, Map<String, List<Object>> values, List<String> operands) {

  /// Whether an option was given.
  boolean has(Option<?> option) {
    return values.containsKey(option.name());
  }

  /// The value of an option: as given, or else its default.
  <T> Optional<T> get(Option<T> option) {
    return all(option).stream().findFirst();
  }

  /// The value of an option that has a default.
  <T> T value(Option<T> option) {
    return get(option).orElseThrow();
  }

  /// The values of an option that may be given more than once.
  @SuppressWarnings("unchecked") // the parser reads each value with the reader of its option
  <T> List<T> all(Option<T> option) {
    if (has(option)) {
      return (List<T>) values.get(option.name());
    }
    return option.fallback().map(option::value).map(List::of).orElse(List.of());
  }

  /// An operand, counted from 0.
  ///
  /// @throws IndexOutOfBoundsException if there is none; the parser has checked the least number
  String operand(int index) {
    return operands.get(index);
  }

  /// An operand that may be left out, counted from 0.
  Optional<String> perhaps(int index) {
    return operands.stream().skip(index).findFirst();
  }

  /// Whether to print JSON.
  boolean json() {
    return has(Common.JSON);
  }
}
