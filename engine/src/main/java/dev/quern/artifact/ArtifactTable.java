package dev.quern.artifact;

import dev.quern.Artifact;
import dev.quern.NewArtifact;
import dev.quern.core.Scope;
import dev.quern.store.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_artifact`. Whoever asks says whose jobs are seen.
final class ArtifactTable {
  private ArtifactTable() {}

  private static final String ADMITS =
      """
      select count(*) from quern_job
       where id = ? and (? is null or fence = ? and state = 'running')
         and (? is null or tenant = ?)
      """;

  /// Whether a job is there, and runs under the fence where one is given.
  static boolean admits(Tx tx, Target target) throws SQLException {
    String tenant = target.scope().argument();
    return tx.number(ADMITS, target.jobId(), target.fence(), target.fence(), tenant, tenant) == 1;
  }

  private static final String COUNT_OTHERS =
      "select count(*) from quern_artifact where job_id = ? and name <> ?";

  /// How many artifacts of other names a job has.
  static long countOthers(Tx tx, long jobId, String name) throws SQLException {
    return tx.number(COUNT_OTHERS, jobId, name);
  }

  private static final String DELETE =
      """
      delete from quern_artifact
       where job_id = ? and name = ?
         and (? is null or job_id in (select id from quern_job where id = ? and tenant = ?))
      """;

  static boolean delete(Tx tx, long jobId, String name, Scope scope) throws SQLException {
    String tenant = scope.argument();
    return tx.update(DELETE, jobId, name, tenant, jobId, tenant) == 1;
  }

  private static final String INSERT =
      """
      insert into quern_artifact (job_id, name, type, content, created_at, fence)
      values (?, ?, ?, ?, ?, ?)
      """;

  /// Adds an artifact, whose name is free.
  static void insert(Tx tx, Target target, NewArtifact artifact, long content, long now)
      throws SQLException {
    tx.update(
        INSERT, target.jobId(), artifact.name(), artifact.type(), content, now, target.fence());
  }

  /// An artifact and the content that it holds.
  record Row(Artifact artifact, long content) {}

  private static final String OF_JOB =
      """
      select a.job_id, a.name, a.type, c.size, c.digest, a.created_at, a.fence, a.content
        from quern_artifact as a
        join quern_content as c on c.id = a.content
        join quern_job as j on j.id = a.job_id
       where a.job_id = ? and (? is null or a.name = ?) and (? is null or j.tenant = ?)
       order by a.name
      """;

  /// The artifacts of a job, by name.
  static List<Row> ofJob(Tx tx, long jobId, Scope scope) throws SQLException {
    String tenant = scope.argument();
    return tx.query(OF_JOB, ArtifactTable::row, jobId, null, null, tenant, tenant);
  }

  /// One artifact of a job.
  static Optional<Row> find(Tx tx, long jobId, String name, Scope scope) throws SQLException {
    String tenant = scope.argument();
    return tx.first(OF_JOB, ArtifactTable::row, jobId, name, name, tenant, tenant);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new Artifact(
            row.getLong(1),
            row.getString(2),
            row.getString(3),
            row.getLong(4),
            row.getString(5),
            Instant.ofEpochMilli(row.getLong(6)),
            fence(row)),
        row.getLong(8));
  }

  private static Optional<Long> fence(ResultSet row) throws SQLException {
    long fence = row.getLong(7);
    return row.wasNull() ? Optional.empty() : Optional.of(fence);
  }
}
