package dev.quern.trust;

import dev.quern.support.Finding.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the applications of a [Crew] said, compared with what is in their database when all jobs
/// have ended.
final class Books {
  /// A job in the database.
  record Row(long id, String token, String state, long fence, int attempts, String key) {}

  /// What was promised of a token.
  private record Ack(long id, boolean isNew, String key) {}

  /// A claim.
  private record Claim(long id, long fence) {}

  /// An end that an application was told of.
  private record End(long fence, String state) {}

  private final boolean whole;
  private final Map<String, Ack> acks = new LinkedHashMap<>();
  private final Map<String, List<String>> groups = new LinkedHashMap<>();
  private final Set<Claim> begun = new HashSet<>();
  private final Map<Long, Long> lastBegun = new HashMap<>();
  private final Map<Long, List<End>> ends = new HashMap<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> duplicated = new ArrayList<>();
  private long stale;
  private long told;
  private long busy;

  /// @param whole whether all jobs are still there; else those that have ended may be deleted
  Books(boolean whole) {
    this.whole = whole;
  }

  // ---- what was said

  /// Takes what an application said; what is cut off at the end is left out.
  void hear(String out) {
    out.substring(0, out.lastIndexOf('\n') + 1).lines().forEach(this::hearLine);
  }

  private void hearLine(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "try" -> tried(words);
      case "ack" -> acks.put(words[1], ack(words));
      case "run", "held" -> begun(claim(words));
      case "told" -> told++;
      case "answer" -> stale += words[4].equals("false") ? 1 : 0;
      case "end" -> ends.computeIfAbsent(claim(words).id(), _ -> new ArrayList<>()).add(end(words));
      case "busy" -> busy++;
      default -> {}
    }
  }

  private void tried(String[] words) {
    List<String> tokens = List.of(words).subList(1, words.length);
    tokens.forEach(token -> groups.put(token, tokens));
  }

  private static Ack ack(String[] words) {
    boolean isNew = words[3].equals("new");
    return new Ack(Long.parseLong(words[2]), isNew, isNew ? "" : words[3]);
  }

  private static Claim claim(String[] words) {
    return new Claim(Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  private static End end(String[] words) {
    return new End(Long.parseLong(words[2]), words[3]);
  }

  private void begun(Claim claim) {
    if (!begun.add(claim)) {
      duplicated.add("claim %d of job %d was handed out twice".formatted(claim.fence, claim.id));
    }
    lastBegun.merge(claim.id, claim.fence, Math::max);
  }

  // ---- what is there

  /// Looks at the jobs.
  ///
  /// @param effects what the application has done in the transactions of ends: tokens
  void compare(List<Row> rows, List<String> effects) {
    Map<Long, Row> byId = new HashMap<>();
    Map<String, Row> byToken = new HashMap<>();
    for (Row row : rows) {
      byId.put(row.id(), row);
      if (byToken.put(row.token(), row) != null) {
        duplicated.add(row.token() + " is there twice");
      }
    }
    acks.forEach((token, ack) -> promised(token, ack, byId.get(ack.id), byToken));
    if (whole) {
      Set.copyOf(groups.values()).forEach(group -> whole(group, byToken.keySet()));
    }
    rows.forEach(row -> expected(row, byToken));
    compareEffects(rows, effects);
  }

  private void promised(String token, Ack ack, Row row, Map<String, Row> byToken) {
    if (row == null && !whole && lastBegun.containsKey(ack.id)) {
      return;
    }
    if (row == null) {
      lost.add("%s, job %d, is not there".formatted(token, ack.id));
    } else if (ack.isNew && !row.token().equals(token)) {
      unexpected.add("job %d is %s, not %s".formatted(ack.id, row.token(), token));
    } else if (!ack.isNew && (!row.key().equals(ack.key) || byToken.containsKey(token))) {
      duplicated.add("%s is no duplicate of job %d".formatted(token, ack.id));
    }
  }

  private void whole(List<String> group, Set<String> there) {
    long found = group.stream().filter(there::contains).count();
    if (found != 0 && found != group.size()) {
      lost.add("%d of %d with %s".formatted(found, group.size(), group.getFirst()));
    }
  }

  private void expected(Row row, Map<String, Row> byToken) {
    String token = row.token();
    if (!whole) {
      ask(token.startsWith("child/") || groups.containsKey(token), "nobody asked for %s", token);
    } else if (token.startsWith("child/")) {
      String parent = token.substring("child/".length(), token.length() - ".done.1".length());
      ask(byToken.containsKey(parent), "%s has no parent", token);
    } else {
      ask(groups.containsKey(token), "nobody asked for %s", token);
      boolean follows = byToken.containsKey("child/" + token + ".done.1");
      ask(follows || !CrewHandlers.action(token).equals("parent"), "%s has no child", token);
    }
    endsOnce(row, ends.getOrDefault(row.id(), List.of()));
  }

  private void ask(boolean right, String message, String token) {
    if (!right) {
      unexpected.add(message.formatted(token));
    }
  }

  /// A job ends once, by its last claim, and stays so.
  private void endsOnce(Row row, List<End> told) {
    if (told.size() > 1) {
      duplicated.add("job %d ended %d times: %s".formatted(row.id(), told.size(), told));
    }
    for (End end : told) {
      if (end.fence != row.fence() || !end.state.equals(row.state())) {
        unexpected.add("%s was told to be %s".formatted(row, end));
      }
    }
    if (lastBegun.getOrDefault(row.id(), 0L) > row.fence()) {
      unexpected.add("%s began after its end".formatted(row));
    }
    if (!row.state().equals(stateOf(row.token()))) {
      lost.add("%s should be %s".formatted(row, stateOf(row.token())));
    }
  }

  private static String stateOf(String token) {
    return switch (CrewHandlers.action(token)) {
      case "fail", "bad" -> "failed";
      default -> "done";
    };
  }

  private void compareEffects(List<Row> rows, List<String> effects) {
    Set<String> seen = new HashSet<>();
    effects.stream().filter(token -> !seen.add(token)).forEach(duplicated::add);
    for (Row row : rows) {
      boolean completesItself = CrewHandlers.action(row.token()).equals("self");
      if (completesItself && row.state().equals("done") && !seen.contains(row.token())) {
        lost.add("the effect of " + row);
      }
    }
  }

  // ---- what was found

  /// Takes note of something else that was not expected.
  void unexpected(String what) {
    unexpected.add(what);
  }

  long acks() {
    return acks.size();
  }

  /// How often somebody was answered that a lease was lost.
  long stale() {
    return stale;
  }

  /// How many handlers were interrupted.
  long told() {
    return told;
  }

  /// How often somebody was told that the lock was held for too long.
  long busy() {
    return busy;
  }

  /// What must not be, in words.
  List<String> faults() {
    List<String> all = new ArrayList<>();
    lost.forEach(each -> all.add("lost: " + each));
    unexpected.forEach(each -> all.add("unexpected: " + each));
    duplicated.forEach(each -> all.add("duplicated: " + each));
    return all;
  }

  Verdict verdict(long recovered) {
    return new Verdict(lost.size(), unexpected.size(), duplicated.size(), recovered);
  }
}
