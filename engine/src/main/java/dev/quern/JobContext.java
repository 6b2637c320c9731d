package dev.quern;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// One attempt, as its handler sees it. It may be used by several threads, until the handler
/// returns.
public sealed interface JobContext permits dev.quern.core.Attempting {

  /// The most log lines of one attempt; later ones are dropped, and one more line says so.
  int LOG_LINES_LIMIT = 1_000;

  /// The longest result, in UTF-8 bytes: 32 MiB.
  int RESULT_LIMIT = 32 << 20;

  /// The longest log line, in characters; the rest is cut.
  int LOG_LINE_LIMIT = 8_000;

  /// The job.
  long jobId();

  /// Its kind.
  String kind();

  /// Its payload as JSON text.
  String payload();

  /// The number of this attempt, from 1.
  int attempt();

  /// A number that grows with every claim of this job: hand it to resources that refuse lower ones.
  long fence();

  /// The same text for every attempt of this job, and a new one after a requeue: hand it to
  /// services that do a thing once for each key.
  String idempotencyKey();

  /// When this attempt must have ended, where its kind has a timeout.
  Optional<Instant> deadline();

  /// Whether the handler should stop: cancelled, timed out, lease lost or closing. The thread is
  /// interrupted too.
  boolean stopping();

  /// Keeps the JSON of `value` as the result when the handler returns.
  void result(Object value);

  /// Keeps JSON text as the result when the handler returns.
  ///
  /// @throws IllegalArgumentException if the text is not JSON
  void resultJson(String json);

  /// Enqueues a job in the transaction that completes this one; nothing is enqueued if it fails.
  /// Where the quotas of a tenant leave no room for it, the attempt fails with the code
  /// `quota_exceeded`, and is tried again.
  void enqueue(NewJob followUp);

  /// Says how far it is. Written within a second, or with the end of the attempt.
  ///
  /// @param fraction between 0 and 1
  /// @param note at most 2,000 characters, the rest is cut
  void progress(double fraction, String note);

  /// Adds a line to the job's log. Written within a second, or with the end of the attempt.
  void log(String line);

  /// Keeps a named content as an artifact of the job, in the place of one that has the name. It is
  /// written while it is read, and seen when it is whole. The stream is not closed.
  ///
  /// @return what was kept; empty if the lease was lost, and then nothing was
  /// @throws ArtifactRefusedException if it is too long, not what it was said to be, or one too
  ///   many
  /// @throws IOException if the content cannot be read
  Optional<Artifact> attach(NewArtifact artifact, InputStream content) throws IOException;

  /// Completes the job inside the handler's own transaction, together with its result and
  /// follow-ups: both commit or neither does. Afterwards the handler commits and returns. If it
  /// rolls back instead, the job is settled by how the handler ends.
  ///
  /// @return false if the lease was lost: roll back, another worker may have the job
  /// @throws IllegalArgumentException if the connection is in auto-commit mode or belongs to
  ///   another database
  /// @throws TenantRefusedException if the tenant of the job has no room for the follow-ups: roll
  ///   back
  boolean complete(Connection connection) throws SQLException;
}
