package dev.quern.core;

import dev.quern.Job;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// Knows the workers that are in no engine.
public interface Elsewhere {
  /// Knows none.
  Elsewhere NOBODY = (_, _) -> List.of();

  /// What those have, each, who would take a job of this kind now.
  List<Set<String>> serving(Tx tx, Job job) throws SQLException;
}
