package dev.quern.store;

import dev.quern.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The versions of the tables: each script takes a database from one version to the next. All run
/// in one transaction, so a kill on the way leaves the old version.
final class Schema {
  /// The scripts in order; the first makes version 1.
  static final List<String> SCRIPTS =
      List.of(
          "001-jobs.sql",
          "002-programs.sql",
          "003-runs.sql",
          "004-artifacts.sql",
          "005-access.sql",
          "006-webhooks.sql",
          "007-workers.sql",
          "008-requests.sql");

  private Schema() {}

  /// Brings the tables to the newest version. Runs inside a write transaction.
  ///
  /// @throws StoreException.Unusable if the database is newer than this code
  static void migrate(Tx tx, String directory) throws SQLException {
    int version = version(tx);
    if (version > SCRIPTS.size()) {
      throw new StoreException.Unusable(
          "the tables are of version %d, this Quern knows up to %d: use a newer Quern"
              .formatted(version, SCRIPTS.size()),
          null);
    }
    for (int next = version; next < SCRIPTS.size(); next++) {
      tx.script(read("/dev/quern/schema/" + directory + "/" + SCRIPTS.get(next)));
      MetaTable.put(tx, "schema", Integer.toString(next + 1));
    }
    if (version == 0) {
      MetaTable.put(tx, "store", UUID.randomUUID().toString());
    }
  }

  /// The version that this code knows.
  static int newest() {
    return SCRIPTS.size();
  }

  /// The version of the tables; 0 without tables.
  static int version(Tx tx) throws SQLException {
    return MetaTable.exists(tx) ? MetaTable.get(tx, "schema").map(Integer::parseInt).orElse(0) : 0;
  }

  private static String read(String resource) {
    try (InputStream in = Schema.class.getResourceAsStream(resource)) {
      byte[] bytes =
          Optional.ofNullable(in)
              .orElseThrow(() -> new IllegalStateException("no resource " + resource))
              .readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StoreException("cannot read " + resource, e);
    }
  }
}
