package dev.quern.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// The PostgreSQL server that `run` started.
record Postgres(int port) implements Database {
  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public String durability() {
    return "fsync on, synchronous_commit on: what was answered survives a power cut";
  }

  @Override
  public String settings() {
    return "shared_buffers 256 MB, max_wal_size 2 GB";
  }

  @Override
  public HikariDataSource create(Path directory, int connections) throws SQLException {
    recreate();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url("peer"));
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  private void recreate() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url("postgres"));
        Statement statement = connection.createStatement()) {
      statement.execute("drop database if exists peer with (force)");
      statement.execute("create database peer");
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(port, database);
  }
}
