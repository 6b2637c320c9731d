package dev.quern.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// Stores with many jobs that nobody claims, kept below `bench/target` for the next run, as to fill
/// them takes long.
final class FilledStore {
  /// The kinds that are claimed begin with it.
  static final String CLAIMED = "claimed";

  private static final String LEFT_OVER =
      """
      delete from quern_job
       where state = '%s' and lane in (select id from quern_lane where kind like 'claimed%%')
      """;

  private FilledStore() {}

  /// A store with so many jobs in each of three states.
  static Path of(int others) throws IOException, SQLException {
    Path directory = Path.of("bench", "target", "filled-" + others).toAbsolutePath();
    if (!Files.exists(directory)) {
      fill(directory, others);
    }
    Path file = directory.resolve("quern.db");
    sweep(file);
    return file;
  }

  /// Under another name until it is whole.
  private static void fill(Path directory, int others) throws IOException, SQLException {
    Path part = directory.resolveSibling(directory.getFileName() + ".part");
    if (Files.exists(part)) {
      Scratch.delete(part);
    }
    Files.createDirectories(part);
    Progress.say("filling %s with 3 times %,d jobs".formatted(directory.getFileName(), others));
    Filler.others(part.resolve("quern.db"), others);
    Files.move(part, directory);
  }

  /// Removes what an interrupted run has left.
  private static void sweep(Path file) throws SQLException {
    try (Connection connection = Pragmas.connect(file)) {
      Pragmas.run(connection, LEFT_OVER.formatted("ready"));
      Pragmas.run(connection, LEFT_OVER.formatted("running"));
    }
  }
}
