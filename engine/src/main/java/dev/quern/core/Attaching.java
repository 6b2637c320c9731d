package dev.quern.core;

import dev.quern.Artifact;
import dev.quern.NewArtifact;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Keeps what a worker says is an artifact of its job: a room does.
public interface Attaching {
  /// Keeps an artifact, while the job runs under its fence; empty if it does not.
  ///
  /// @throws IOException if the content cannot be read
  Optional<Artifact> attach(long jobId, long fence, NewArtifact artifact, InputStream content)
      throws IOException;
}
