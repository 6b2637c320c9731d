package dev.quern.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows under a head. The last column takes the room that is left on a terminal.
///
/// For one thread.
final class Table {
  private static final int GAP = 2;
  private static final int COLUMN_LIMIT = 32;

  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    this.head = List.of(head);
  }

  /// Adds a row with a cell for each column.
  void row(Object... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "%d cells in a table of %d columns".formatted(cells.length, head.size()));
    }
    rows.add(Arrays.stream(cells).map(cell -> Text.oneLine(cell.toString())).toList());
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// For programs: separated by tabs, whole, without the head.
  String tabbed() {
    return rows.stream().map(row -> String.join("\t", row) + "\n").collect(Collectors.joining());
  }

  /// For people: in columns, each line cut to `width`. Columns of numbers stand on the right.
  String aligned(int width, UnaryOperator<String> bold) {
    List<Column> columns = IntStream.range(0, head.size()).mapToObj(this::column).toList();
    StringBuilder text = new StringBuilder();
    text.append(bold.apply(line(head, columns, width))).append("\n");
    rows.forEach(row -> text.append(line(row, columns, width)).append("\n"));
    return text.toString();
  }

  private static String line(List<String> row, List<Column> columns, int width) {
    String line =
        IntStream.range(0, row.size())
            .mapToObj(index -> columns.get(index).padded(row.get(index)))
            .collect(Collectors.joining(" ".repeat(GAP)));
    return Text.cut(line.stripTrailing(), width);
  }

  private Column column(int index) {
    int widest = rows.stream().mapToInt(row -> Text.width(row.get(index))).max().orElse(0);
    boolean numbers = rows.stream().allMatch(row -> row.get(index).matches("[\\d,.]*"));
    int limit = index < head.size() - 1 ? COLUMN_LIMIT : Integer.MAX_VALUE;
    return new Column(Math.min(limit, Math.max(Text.width(head.get(index)), widest)), numbers);
  }

  private record Column(int width, boolean numbers) {
    String padded(String cell) {
      String shown = Text.cut(cell, width);
      String padding = " ".repeat(width - Text.width(shown));
      return numbers ? padding + shown : shown + padding;
    }
  }
}
