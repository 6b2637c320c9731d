package dev.quern;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads enum constants back from their labels.
final class Labels {
  private Labels() {}

  static <E extends Enum<E>> E find(Class<E> type, String label, Function<E, String> labelOf) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> labelOf.apply(constant).equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(unknown(type, label, labelOf)));
  }

  private static <E extends Enum<E>> String unknown(
      Class<E> type, String label, Function<E, String> labelOf) {
    String known =
        Arrays.stream(type.getEnumConstants()).map(labelOf).collect(Collectors.joining(", "));
    return "unknown " + type.getSimpleName() + " \"" + label + "\": use one of " + known;
  }
}
