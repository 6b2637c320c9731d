package dev.quern.peers;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;

/// A database that the peers with a data source are measured on.
interface Database {
  /// Its name.
  String name();

  /// What may be lost of what it answered.
  String durability();

  /// How it is set up.
  String settings();

  /// A pool of connections to a new, empty database.
  HikariDataSource create(Path directory, int connections) throws SQLException;
}
