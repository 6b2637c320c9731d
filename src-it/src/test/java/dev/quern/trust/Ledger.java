package dev.quern.trust;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Compares what a [LoadApp] was told, life by life, with what is in its database when all jobs
/// have ended.
final class Ledger {
  /// A job in the database.
  record Row(long id, String token, String state, int attempts, String key) {}

  /// What was promised of a token.
  private record Ack(long id, boolean isNew, String key) {}

  private final Map<String, Ack> acks = new LinkedHashMap<>();
  private final Map<String, List<String>> groups = new LinkedHashMap<>();
  private final Set<String> ordered = new HashSet<>();
  private final Map<Long, String> ends = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  // ---- what was told

  /// Takes a line of a worker.
  void hear(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "try" -> tried(words);
      case "ack" -> acks.put(words[1], ack(words));
      case "run" -> run(Long.parseLong(words[1]));
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

  private static Ack ack(String[] words) {
    boolean isNew = words[3].equals("new");
    return new Ack(Long.parseLong(words[2]), isNew, isNew ? "" : words[3]);
  }

  private void run(long id) {
    if (ends.containsKey(id)) {
      faults.add("job " + id + " runs again after it was " + ends.get(id));
    }
  }

  private void end(long id, String state) {
    String before = ends.put(id, state);
    if (before != null && !before.equals(state)) {
      faults.add("job " + id + " was " + before + ", then " + state);
    }
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
    Map<String, Row> byToken = new HashMap<>();
    Map<Long, Row> byId = new HashMap<>();
    for (Row row : rows) {
      byId.put(row.id(), row);
      if (byToken.put(row.token(), row) != null) {
        faults.add("duplicated: " + row.token());
      }
    }
    acks.forEach((token, ack) -> promised(token, ack, byToken, byId));
    groups.values().stream().distinct().forEach(group -> whole(group, byToken.keySet()));
    rows.forEach(row -> expected(row, byToken));
    ends.forEach((id, state) -> ended(id, state, byId));
    same("orders", orders, byToken.keySet().stream().filter(ordered::contains).toList());
    same(
        "effects",
        effects,
        byToken.keySet().stream().filter(token -> does(token, "self")).toList());
  }

  private void promised(String token, Ack ack, Map<String, Row> byToken, Map<Long, Row> byId) {
    Row row = byId.get(ack.id());
    if (row == null) {
      faults.add("lost: " + token + ", job " + ack.id());
    } else if (ack.isNew() && !row.token().equals(token)) {
      faults.add("job " + ack.id() + " is " + row.token() + ", not " + token);
    } else if (!ack.isNew() && (!row.key().equals(ack.key()) || byToken.containsKey(token))) {
      faults.add(token + " is no duplicate of job " + ack.id());
    }
  }

  private void whole(List<String> group, Set<String> there) {
    long found = group.stream().filter(there::contains).count();
    if (found != 0 && found != group.size()) {
      faults.add("torn: %d of %d with %s".formatted(found, group.size(), group.getFirst()));
    }
  }

  private void expected(Row row, Map<String, Row> byToken) {
    String token = row.token();
    if (token.startsWith("child/")) {
      String parent = token.substring("child/".length(), token.lastIndexOf('.'));
      if (!byToken.containsKey(parent)) {
        faults.add("unexpected: " + token);
      }
    } else if (!groups.containsKey(token)) {
      faults.add("unexpected: " + token);
    }
    if (does(token, "parent") != byToken.containsKey("child/" + token + ".done")) {
      faults.add("a follow-up is missing or too much: " + token);
    }
    String end = row.state() + " " + row.attempts();
    if (!end.equals(endOf(token))) {
      faults.add(token + " is " + end + ", not " + endOf(token));
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
    if (row == null || !row.state().equals(state)) {
      faults.add("job " + id + " was told to be " + state + ", and is " + row);
    }
  }

  private void same(String what, List<String> found, List<String> expected) {
    if (!found.stream().sorted().toList().equals(expected.stream().sorted().toList())) {
      faults.add("%s: %d, not %d as there are jobs".formatted(what, found.size(), expected.size()));
    }
  }

  /// What must not be.
  List<String> faults() {
    return faults;
  }
}
