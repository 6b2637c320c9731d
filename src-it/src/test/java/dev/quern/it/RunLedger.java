package dev.quern.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Compares what the programs of a run say of themselves with what the run has recorded, life by
/// life.
///
/// A program says `start LINE PID` and `end LINE PID`, and `overlap LINE PID` when another program
/// of its line is alive.
final class RunLedger {
  /// The recorded end of a line.
  ///
  /// @param state where its job stands
  /// @param attempts how many attempts were charged
  record Recorded(String state, long attempts) {}

  /// A line of the ledger.
  private record Entry(String what, int line, long pid) {
    static Entry of(String text) {
      String[] words = text.split(" ");
      return new Entry(words[0], Integer.parseInt(words[1]), Long.parseLong(words[2]));
    }

    boolean is(String what) {
      return this.what.equals(what);
    }
  }

  private final List<String> faults = new ArrayList<>();
  private final Set<Integer> printed = new HashSet<>();
  private Map<Integer, Recorded> before = Map.of();
  private int read;
  private final Map<Integer, Long> open = new HashMap<>();
  private int starts;
  private int cutShort;

  /// Takes note of the end of a life.
  ///
  /// @param lines of the ledger, from the first
  /// @param recorded the ends in the books, by line
  /// @param told what was printed in this life, by line
  void lifeEnded(List<String> lines, Map<Integer, Recorded> recorded, List<Told> told) {
    lines.subList(read, lines.size()).forEach(line -> enter(Entry.of(line)));
    read = lines.size();
    before.forEach((line, end) -> remains(line, end, recorded));
    told.forEach(each -> compare(each, recorded));
    before = new TreeMap<>(recorded);
  }

  /// What was printed of a line.
  record Told(int line, Recorded end) {}

  private void enter(Entry entry) {
    if (entry.is("overlap")) {
      faults.add("line " + entry.line() + " runs twice at the same time: " + entry.pid());
    } else if (entry.is("start")) {
      begin(entry);
    } else {
      end(entry);
    }
  }

  private void begin(Entry start) {
    starts++;
    if (before.containsKey(start.line())) {
      faults.add("line " + start.line() + " runs again after its end was recorded");
    }
    if (open.put(start.line(), start.pid()) != null) {
      cutShort++;
    }
  }

  private void end(Entry end) {
    if (!open.remove(end.line(), end.pid())) {
      faults.add(
          "line " + end.line() + " ends in " + end.pid() + " while another program is at it");
    }
  }

  private void remains(int line, Recorded end, Map<Integer, Recorded> recorded) {
    if (!end.equals(recorded.get(line))) {
      faults.add("line %d was %s, and is %s".formatted(line, end, recorded.get(line)));
    }
  }

  private void compare(Told told, Map<Integer, Recorded> recorded) {
    if (!printed.add(told.line())) {
      faults.add("line " + told.line() + " was printed twice");
    }
    if (!told.end().equals(recorded.get(told.line()))) {
      faults.add(
          "line %d was printed as %s, and is %s"
              .formatted(told.line(), told.end(), recorded.get(told.line())));
    }
  }

  /// The processes that have said that they began, and not that they ended.
  List<Long> open() {
    return List.copyOf(open.values());
  }

  /// How many programs were begun.
  int starts() {
    return starts;
  }

  /// How many programs were cut short.
  int cutShort() {
    return cutShort;
  }

  /// What must not be.
  List<String> faults() {
    return faults;
  }
}
