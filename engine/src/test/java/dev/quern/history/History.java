package dev.quern.history;

import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One history: calls of many threads on a new store, and what is wrong with their answers.
///
/// @param calls how many calls were made, those of handlers among them
/// @param refused how many ended with an exception
record History(int calls, int refused, List<String> problems) {

  static History make(Path file, long seed, int calls) throws Exception {
    Quern.manual(file, QuernConfig.DEFAULT).close();
    Journal journal = Journal.of(file);
    Quern quern = Quern.open(file, QuernConfig.DEFAULT.concurrency(8));
    Clients clients = new Clients(quern, file);
    List<Call> made = clients.run(seed, calls);
    List<Journal.Change> changes = journal.changes();
    List<String> problems = new ArrayList<>(Replay.problems(changes, journal.commits()));
    problems.addAll(Witness.problems(changes, journal.commits(), made));
    return new History(made.size(), clients.refused(), problems);
  }

  /// Makes histories in a [dev.quern.support.Twin]; answers what the first with a problem shows, or
  /// an empty text.
  static String find(Path directory, long seed, int histories, int calls) throws Exception {
    for (int i = 0; i < histories; i++) {
      History history = make(directory.resolve("history-%d.db".formatted(i)), seed + i, calls);
      if (!history.problems.isEmpty()) {
        return "history %d: %d of %,d answers wrong: %s"
            .formatted(i + 1, history.problems.size(), history.calls, history.problems.getFirst());
      }
    }
    return "";
  }
}
