package dev.quern.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;

/// SQLite in a file, set up in favour of the peer.
record Sqlite() implements Database {
  private static final String PRAGMAS =
      "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=10000&transaction_mode=IMMEDIATE";

  @Override
  public String name() {
    return "SQLite";
  }

  @Override
  public String durability() {
    return "synchronous NORMAL: the last transactions may be lost by a power cut";
  }

  @Override
  public String settings() {
    return "WAL, synchronous NORMAL, busy_timeout 10 s, immediate transactions (none documented)";
  }

  @Override
  public HikariDataSource create(Path directory, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + directory.resolve("peer.db") + PRAGMAS);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }
}
