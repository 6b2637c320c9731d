package dev.quern.artifact;

import dev.quern.store.Tx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// All the SQL of `quern_content` and `quern_chunk`.
final class ContentTable {
  private ContentTable() {}

  private static final String INSERT =
      "insert into quern_content (writer, loose) values (?, 1) returning id";

  /// Begins a content, which nobody sees.
  ///
  /// @param writer the engine that uploads it; null if it is whole in this transaction
  static long insert(Tx tx, Long writer) throws SQLException {
    return tx.number(INSERT, writer);
  }

  private static final String APPEND =
      "insert into quern_chunk (content, position, bytes) values (?, ?, ?)";

  static void append(Tx tx, long content, long position, byte[] bytes) throws SQLException {
    tx.update(APPEND, content, position, bytes);
  }

  private static final String FINISH =
      "update quern_content set digest = ?, size = ?, writer = null where id = ?";

  /// Makes a content whole; an artifact may hold it from now on.
  static void finish(Tx tx, long content, String digest, long size) throws SQLException {
    tx.update(FINISH, digest, size, content);
  }

  private static final String ABANDON = "update quern_content set writer = null where id = ?";

  /// Leaves a content that is not whole to be swept.
  static boolean abandon(Tx tx, long content) throws SQLException {
    return tx.update(ABANDON, content) == 1;
  }

  private static final String WHOLE = "select id from quern_content where digest = ?";

  /// The whole content with a digest.
  static Optional<Long> whole(Tx tx, String digest) throws SQLException {
    return tx.first(WHOLE, row -> row.getLong(1), digest);
  }

  private static final String HOLD =
      "update quern_content set loose = null where id = ? and loose is not null";

  /// Takes note that an artifact holds a content.
  static void hold(Tx tx, long content) throws SQLException {
    tx.update(HOLD, content);
  }

  private static final String CHUNK =
      """
      select position, bytes from quern_chunk
       where content = ? and position <= ?
       order by position desc limit 1
      """;

  /// A piece of a content.
  record Chunk(long position, byte[] bytes) {
    boolean holds(long at) {
      return position <= at && at < position + bytes.length;
    }
  }

  /// The piece that holds a position, or the last one before it.
  static Optional<Chunk> chunk(Tx tx, long content, long position) throws SQLException {
    return tx.first(CHUNK, row -> new Chunk(row.getLong(1), row.getBytes(2)), content, position);
  }

  // ---- sweeping

  private static final String WRITERS =
      """
      select 0 where exists (
             select 1 from quern_content where loose is not null and writer is null)
      union all
      select distinct writer from quern_content where loose is not null and writer is not null
      """;

  /// Who has contents that no artifact holds; 0 stands for nobody.
  static List<Long> writers(Tx tx) throws SQLException {
    return tx.query(WRITERS, row -> row.getLong(1));
  }

  private static final String LOOSE =
      "select id from quern_content where loose is not null and writer is ? order by id limit 1";

  /// A content that no artifact holds.
  ///
  /// @param writer who had it; 0 for nobody
  static Optional<Long> loose(Tx tx, long writer) throws SQLException {
    return tx.first(LOOSE, row -> row.getLong(1), writer == 0 ? null : writer);
  }

  private static final String DOOM =
      """
      update quern_content set digest = null, writer = null
       where id = ? and not exists (select 1 from quern_artifact where content = quern_content.id)
      """;

  /// Hides a content from whoever puts the same bytes again; false if an artifact holds it.
  static boolean doom(Tx tx, long content) throws SQLException {
    return tx.update(DOOM, content) == 1;
  }

  private static final String CUT =
      """
      delete from quern_chunk
       where content = ? and position in (
             select position from quern_chunk where content = ? order by position desc limit ?)
      """;

  /// Deletes pieces from the end of a content; returns how many.
  static int cut(Tx tx, long content, int limit) throws SQLException {
    return tx.update(CUT, content, content, limit);
  }

  private static final String DELETE = "delete from quern_content where id = ?";

  /// Deletes a content without pieces.
  static void delete(Tx tx, long content) throws SQLException {
    tx.update(DELETE, content);
  }
}
