package dev.quern.trust;

import dev.quern.CancelResult;
import dev.quern.support.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Compares what a [LoadApp] was told, life by life, with what is in its database when all jobs
/// have ended: what is lost, unexpected, duplicated.
final class Ledger {
  /// A job in the database.
  record Row(long id, String token, String state, int attempts, String key) {}

  /// What was promised of a token.
  private record Ack(long id, boolean isNew, String key) {}

  private final Map<String, Ack> acks = new LinkedHashMap<>();
  private final Map<Long, String> tokens = new HashMap<>();
  private final Map<String, List<String>> groups = new LinkedHashMap<>();
  private final Set<String> ordered = new HashSet<>();
  private final Map<Long, String> ends = new HashMap<>();
  private final Set<Long> runs = new HashSet<>();
  private final Set<Long> stops = new HashSet<>();
  private final Set<Long> stopped = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<Harm, Long> harm = new EnumMap<>(Harm.class);
  private long unheard;
  private long deleted;

  /// In what way something is wrong.
  private enum Harm {
    LOST,
    UNEXPECTED,
    DUPLICATED
  }

  // ---- what was told

  /// Takes a line of a worker.
  void hear(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "try" -> tried(words);
      case "ack" -> acked(words[1], ack(words));
      case "run" -> run(Long.parseLong(words[1]));
      case "stop" -> stops.add(Long.parseLong(words[1]));
      case "stopped" -> stopped(Long.parseLong(words[1]), words[2]);
      default -> end(Long.parseLong(words[1]), words[2]);
    }
  }

  private void tried(String[] words) {
    List<String> tokens = List.of(words).subList(2, words.length);
    tokens.forEach(token -> groups.put(token, tokens));
    if (words[1].equals("own")) {
      ordered.addAll(tokens);
    }
  }

  private void acked(String token, Ack ack) {
    acks.put(token, ack);
    if (ack.isNew()) {
      tokens.put(ack.id(), token);
    }
  }

  private static Ack ack(String[] words) {
    boolean isNew = words[3].equals("new");
    return new Ack(Long.parseLong(words[2]), isNew, isNew ? "" : words[3]);
  }

  private void run(long id) {
    runs.add(id);
    if (ends.containsKey(id)) {
      found(Harm.DUPLICATED, "job " + id + " runs again after it was " + ends.get(id));
    }
  }

  private void end(long id, String state) {
    String before = ends.put(id, state);
    if (before != null && !before.equals(state)) {
      found(Harm.UNEXPECTED, "job " + id + " was " + before + ", then " + state);
    }
  }

  private void stopped(long id, String result) {
    if (result.equals(CancelResult.CANCELLED.name())) {
      stopped.add(id);
    }
  }

  private void found(Harm sort, String fault) {
    harm.merge(sort, 1L, Long::sum);
    faults.add(fault);
  }

  int acks() {
    return acks.size();
  }

  // ---- what is there

  /// Looks at the jobs; what is wrong is added to [#faults].
  ///
  /// @param orders what the application has ordered in the transactions of its jobs
  /// @param effects what the application has done in the transactions of their ends
  void compare(Collection<Row> rows, List<String> orders, List<String> effects) {
    Map<String, Row> byToken = byToken(rows);
    Map<Long, Row> byId = byId(rows);
    acks.forEach((token, ack) -> promised(token, ack, byToken, byId));
    groups.values().stream().distinct().forEach(group -> whole(group, byToken.keySet()));
    rows.forEach(row -> expected(row, byToken));
    ends.forEach((id, state) -> ended(id, state, byId));
    same(
        "orders",
        orders.stream().filter(Ledger::lasts).toList(),
        byToken.keySet().stream().filter(ordered::contains).filter(Ledger::lasts).toList());
    same(
        "effects",
        effects,
        byToken.keySet().stream().filter(token -> does(token, "self")).toList());
  }

  /// Looks whether the acknowledged jobs are there, also while jobs are at work.
  void compareAcknowledged(Collection<Row> rows) {
    Map<String, Row> byToken = byToken(rows);
    Map<Long, Row> byId = byId(rows);
    acks.forEach((token, ack) -> promised(token, ack, byToken, byId));
  }

  private Map<String, Row> byToken(Collection<Row> rows) {
    Map<String, Row> byToken = new HashMap<>();
    for (Row row : rows) {
      if (byToken.put(row.token(), row) != null) {
        found(Harm.DUPLICATED, "duplicated: " + row.token());
      }
    }
    return byToken;
  }

  private static Map<Long, Row> byId(Collection<Row> rows) {
    return rows.stream().collect(Collectors.toMap(Row::id, row -> row));
  }

  private void promised(String token, Ack ack, Map<String, Row> byToken, Map<Long, Row> byId) {
    Row row = byId.get(ack.id());
    if (row == null) {
      absent(ack.isNew() ? token : tokens.getOrDefault(ack.id(), ""), ack.id());
    } else if (ack.isNew() && !row.token().equals(token)) {
      found(Harm.LOST, "job " + ack.id() + " is " + row.token() + ", not " + token);
    } else if (!ack.isNew() && (!row.key().equals(ack.key()) || byToken.containsKey(token))) {
      found(Harm.UNEXPECTED, token + " is no duplicate of job " + ack.id());
    }
  }

  /// Cancelled and failed jobs are deleted; which they can be, if they were cancelled or have run.
  private void absent(String token, long id) {
    boolean mayFail = token.isEmpty() || does(token, "fail") || does(token, "bad");
    if (stops.contains(id) || mayFail && runs.contains(id)) {
      deleted++;
    } else {
      found(Harm.LOST, "lost: " + token + ", job " + id);
    }
  }

  private void whole(List<String> group, Set<String> there) {
    List<String> lasting = group.stream().filter(Ledger::lasts).toList();
    long found = lasting.stream().filter(there::contains).count();
    if (found != 0 && found != lasting.size()) {
      found(Harm.LOST, "torn: %d of %d with %s".formatted(found, lasting.size(), group.getFirst()));
    }
  }

  /// Whether a job is never deleted.
  private static boolean lasts(String token) {
    return !does(token, "fail") && !does(token, "bad") && !does(token, "stop");
  }

  private void expected(Row row, Map<String, Row> byToken) {
    String token = row.token();
    if (token.startsWith("child/")) {
      String parent = token.substring("child/".length(), token.lastIndexOf('.'));
      if (!byToken.containsKey(parent)) {
        found(Harm.UNEXPECTED, "unexpected: " + token);
      }
    } else if (!groups.containsKey(token)) {
      found(Harm.UNEXPECTED, "unexpected: " + token);
    } else if (!acks.containsKey(token)) {
      unheard++;
    }
    if (does(token, "parent") != byToken.containsKey("child/" + token + ".done")) {
      found(Harm.LOST, "a follow-up is missing or too much: " + token);
    }
    rightlyEnded(row);
  }

  private void rightlyEnded(Row row) {
    String expected = stopped.contains(row.id()) ? "cancelled" : endOf(row.token());
    String end = row.state() + " " + row.attempts();
    boolean right =
        row.state().equals("cancelled") ? stops.contains(row.id()) : end.equals(expected);
    if (!right) {
      found(Harm.UNEXPECTED, row.token() + " is " + end + ", not " + expected);
    }
  }

  private static boolean does(String token, String action) {
    return token.endsWith("." + action);
  }

  /// No kill is charged, so that the number of attempts is known.
  private static String endOf(String token) {
    if (does(token, "fail")) {
      return "failed 2";
    }
    return does(token, "bad") ? "failed 1" : "done 1";
  }

  private void ended(long id, String state, Map<Long, Row> byId) {
    Row row = byId.get(id);
    boolean kept = state.equals("done");
    if (row == null ? kept : !row.state().equals(state)) {
      found(Harm.LOST, "job " + id + " was told to be " + state + ", and is " + row);
    }
  }

  private void same(String what, List<String> found, List<String> expected) {
    if (!found.stream().sorted().toList().equals(expected.stream().sorted().toList())) {
      found(
          Harm.LOST,
          "%s: %d, not %d as there are jobs".formatted(what, found.size(), expected.size()));
    }
  }

  /// What must not be.
  List<String> faults() {
    return faults;
  }

  /// The faults in numbers.
  ///
  /// @param rerun how many handlers were run again after a fault
  Finding.Verdict verdict(long rerun) {
    return new Finding.Verdict(
        harm.getOrDefault(Harm.LOST, 0L),
        harm.getOrDefault(Harm.UNEXPECTED, 0L),
        harm.getOrDefault(Harm.DUPLICATED, 0L),
        unheard + rerun);
  }

  /// How many jobs were rightly deleted.
  long deleted() {
    return deleted;
  }
}
