package dev.quern.core;

import dev.quern.JobContext;

/// A handler that reads the payload itself.
@FunctionalInterface
public interface RawHandler {
  /// Handles one job.
  void handle(JobContext context) throws Exception;
}
