package dev.quern.core;

import dev.quern.Health;
import dev.quern.StoreException;
import dev.quern.store.MetaTable;
import dev.quern.store.Store;
import dev.quern.store.Tx;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/// Looks how a store is.
public final class HealthDesk {
  private final Store store;

  /// The health of the store of an engine.
  public HealthDesk(Core core) {
    store = core.store();
  }

  /// Reads the whole file, so it takes its time.
  ///
  /// @param thorough whether indexes are compared with their tables, which takes several times as
  ///   long
  public Health look(boolean thorough) {
    return store.readers().read(tx -> look(tx, thorough));
  }

  /// Who has the store open.
  public List<Health.Engine> engines() {
    return store.readers().read(this::engines);
  }

  private Health look(Tx tx, boolean thorough) throws SQLException {
    return new Health(
        store.file(),
        store.identity(),
        HealthTable.version(tx),
        Integer.parseInt(MetaTable.get(tx, "schema").orElse("0")),
        HealthTable.settings(tx),
        Instant.ofEpochMilli(HealthTable.latestTime(tx)),
        HealthTable.problems(tx, thorough),
        engines(tx));
  }

  private List<Health.Engine> engines(Tx tx) throws SQLException {
    return OwnerTable.all(tx).stream().map(this::engine).toList();
  }

  private Health.Engine engine(OwnerTable.Owner owner) {
    return new Health.Engine(
        owner.id(),
        owner.pid(),
        owner.host(),
        Instant.ofEpochMilli(owner.startedAt()),
        alive(owner.id()),
        owner.serves().stream()
            .filter(kind -> !kind.startsWith(Core.RESERVED))
            .collect(Collectors.toSet()),
        owner.capabilities(),
        owner.slots());
  }

  private boolean alive(long owner) {
    try {
      return store.owners().alive(owner);
    } catch (IOException e) {
      throw new StoreException("cannot look at the file of owners of " + store.file(), e);
    }
  }
}
