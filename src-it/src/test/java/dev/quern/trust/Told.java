package dev.quern.trust;

import dev.quern.support.Finding.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What an application had been told up to a moment, to be held against a database that is as that
/// moment left it.
final class Told {
  /// What was promised of a token.
  private record Ack(long id, boolean isNew, String key) {}

  private final Map<String, Ack> acks = new LinkedHashMap<>();
  private final Map<String, List<String>> groups = new LinkedHashMap<>();
  private final Set<List<String>> bulks = new LinkedHashSet<>();
  private final Set<String> ordered = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private final Map<Long, Long> fences = new HashMap<>();
  private final Map<Long, String> ends = new HashMap<>();
  private final Set<Long> cancelling = new HashSet<>();

  /// Takes a line of a [CutApp].
  void hear(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "try" -> tried(words[1], List.of(words).subList(2, words.length));
      case "ack" -> acks.put(words[1], ack(Long.parseLong(words[2]), words[3]));
      case "no" -> refused.addAll(List.of(words).subList(1, words.length));
      case "run" -> fences.merge(Long.parseLong(words[1]), Long.parseLong(words[2]), Math::max);
      case "cancel" -> cancelling.add(Long.parseLong(words[1]));
      case "end" -> ends.put(Long.parseLong(words[1]), words[2]);
      default -> {}
    }
  }

  private void tried(String way, List<String> tokens) {
    tokens.forEach(token -> groups.put(token, tokens));
    if (tokens.size() > 1) {
      bulks.add(tokens);
    }
    if (way.equals("own")) {
      ordered.addAll(tokens);
    }
  }

  private static Ack ack(long id, String word) {
    return new Ack(id, word.equals("new"), word.equals("new") ? "" : word);
  }

  int acks() {
    return acks.size();
  }

  /// How many promises were made: jobs that are there, claims, ends.
  int promises() {
    return acks.size() + fences.size() + ends.size();
  }

  /// Whether a job has been told to have ended.
  boolean ended(long id) {
    return ends.containsKey(id);
  }

  /// Compares a database with what was told.
  ///
  /// @param settled whether all jobs must have ended
  Comparison compare(Look look, boolean settled) {
    return new Comparison(look, settled).made();
  }

  /// What is wrong with a database.
  final class Comparison {
    private final Look look;
    private final boolean settled;
    private final List<String> faults = new ArrayList<>();
    private int lost;
    private int unexpected;
    private int duplicated;
    private int recovered;

    private Comparison(Look look, boolean settled) {
      this.look = look;
      this.settled = settled;
    }

    List<String> faults() {
      return faults;
    }

    Verdict verdict() {
      return new Verdict(lost, unexpected, duplicated, recovered);
    }

    private Comparison made() {
      faults.addAll(look.broken());
      acks.forEach(this::promised);
      fences.forEach(this::claimed);
      ends.forEach(this::ended);
      bulks.forEach(this::whole);
      look.rows().values().forEach(this::expected);
      duplicated += look.rows().size() - look.byToken().size();
      if (duplicated > 0) {
        faults.add("tokens are there more than once: " + duplicated);
      }
      same("orders", look.orders(), token -> ordered.contains(token));
      same("effects", look.effects(), token -> does(token, "self") && isDone(token));
      return this;
    }

    private void lose(String what) {
      lost++;
      faults.add("lost: " + what);
    }

    private void promised(String token, Ack ack) {
      Look.Row row = look.rows().get(ack.id());
      if (row == null) {
        lose(token + ", job " + ack.id());
      } else if (ack.isNew() && !row.token().equals(token)) {
        lose("job " + ack.id() + " is " + row.token() + ", not " + token);
      } else if (!ack.isNew() && !row.key().equals(ack.key())) {
        lose("job " + ack.id() + " has not the key of " + token);
      }
    }

    /// A fence that was handed out must never be handed out again.
    private void claimed(long id, long fence) {
      Look.Row row = look.rows().get(id);
      if (row == null || row.fence() < fence) {
        lose("job " + id + " was claimed with fence " + fence + ", and is " + row);
      }
    }

    private void ended(long id, String state) {
      Look.Row row = look.rows().get(id);
      if (row == null || !row.state().equals(state)) {
        lose("job " + id + " was told to be " + state + ", and is " + row);
      }
    }

    private void whole(List<String> group) {
      long there = group.stream().filter(look.byToken()::containsKey).count();
      if (there != 0 && there != group.size()) {
        lose("torn: %d of %d with %s".formatted(there, group.size(), group.getFirst()));
      }
    }

    private void expected(Look.Row row) {
      String token = row.token();
      if (!asked(token) || refused.contains(token)) {
        unexpected++;
        faults.add("unexpected: " + row);
      } else if (groups.containsKey(token) && !acks.containsKey(token)) {
        recovered++;
      }
      if (!fits(row)) {
        unexpected++;
        faults.add("a job is not as it must be: " + row);
      }
      if (does(token, "parent")
          && row.state().equals("done") != look.byToken().containsKey("child/" + token + ".done")) {
        lose("a follow-up is missing or too much: " + row);
      }
    }

    private boolean asked(String token) {
      return token.startsWith("child/")
          ? isDone(token.substring("child/".length(), token.lastIndexOf('.')))
          : groups.containsKey(token);
    }

    private boolean fits(Look.Row row) {
      return switch (row.state()) {
        case "done" ->
            Duties.end(row.token()).equals("done")
                && (!does(row.token(), "done") || row.result().equals(row.token()));
        case "failed" -> Duties.end(row.token()).equals("failed");
        case "cancelled" -> cancelling.contains(row.id());
        default -> !settled || does(row.token(), "later");
      };
    }

    private boolean isDone(String token) {
      Look.Row row = look.byToken().get(token);
      return row != null && row.state().equals("done");
    }

    private void same(String what, List<String> found, Predicate<String> due) {
      List<String> wanted = look.byToken().keySet().stream().filter(due).sorted().toList();
      if (!found.equals(wanted)) {
        lose("%s: %d, not %d as there are jobs".formatted(what, found.size(), wanted.size()));
      }
    }
  }

  private static boolean does(String token, String action) {
    return Duties.action(token).equals(action);
  }
}
