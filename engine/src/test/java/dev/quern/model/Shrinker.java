package dev.quern.model;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a sequence that shows a difference shorter, for as long as what remains still shows one:
/// leaves out commands, first many at once and at last one by one, then jobs of an enqueue, then
/// what is said of a job.
final class Shrinker {

  /// Shows whether a sequence has a difference.
  interface Trial {
    Optional<Difference> of(List<Command> commands) throws SQLException;
  }

  private static final int TRIALS = 400;

  private final Trial trial;
  private List<Command> commands;
  private int trials;

  Shrinker(List<Command> commands, Trial trial) {
    this.commands = commands;
    this.trial = trial;
  }

  List<Command> shrink() throws SQLException {
    int before;
    do {
      before = commands.toString().length();
      for (int part = commands.size() / 2; part > 0; part /= 2) {
        leaveOut(part);
      }
      for (int i = 0; i < commands.size(); i++) {
        simplify(i);
      }
    } while (commands.toString().length() < before);
    return commands;
  }

  private boolean kept(List<Command> fewer) throws SQLException {
    boolean differs = !fewer.isEmpty() && trials++ < TRIALS && trial.of(fewer).isPresent();
    commands = differs ? fewer : commands;
    return differs;
  }

  private void leaveOut(int part) throws SQLException {
    for (int to = commands.size(); to > 0; to = Math.min(to - part, commands.size())) {
      List<Command> fewer = new ArrayList<>(commands);
      fewer.subList(Math.max(0, to - part), to).clear();
      kept(fewer);
    }
  }

  private void simplify(int at) throws SQLException {
    for (Command simpler : simpler(commands.get(at))) {
      List<Command> changed = new ArrayList<>(commands);
      changed.set(at, simpler);
      if (kept(changed)) {
        simplify(at);
        return;
      }
    }
  }

  private static List<Command> simpler(Command command) {
    return switch (command) {
      case Command.Enqueue enqueue ->
          simpler(enqueue.drafts()).stream().<Command>map(Command.Enqueue::new).toList();
      case Command.EnqueueInside inside -> List.of(new Command.Enqueue(inside.drafts()));
      default -> List.of();
    };
  }

  private static List<List<Draft>> simpler(List<Draft> drafts) {
    List<List<Draft>> simpler = new ArrayList<>();
    for (int i = 0; i < drafts.size() && drafts.size() > 1; i++) {
      List<Draft> fewer = new ArrayList<>(drafts);
      fewer.remove(i);
      simpler.add(fewer);
    }
    for (int i = 0; i < drafts.size(); i++) {
      Draft draft = drafts.get(i);
      List<Draft> plain = new ArrayList<>(drafts);
      plain.set(i, Draft.plain(draft.kind(), draft.payload(), draft.dedupeKey()));
      if (!plain.equals(drafts)) {
        simpler.add(plain);
      }
    }
    return simpler;
  }
}
