package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
  private static final Duration FIRST = Duration.ofMillis(100);

  @TempDir Path directory;
  private Sqlite sqlite;
  private long now;
  private int opened;
  private boolean failing;
  private Examination examination;

  @BeforeEach
  void create() throws SQLException {
    sqlite = new Sqlite(directory.resolve("app.db"));
    examination = new Examination(sqlite, () -> now);
    try (Connection connection = DriverManager.getConnection(sqlite.url());
        Statement statement = connection.createStatement()) {
      statement.execute("create table t(a text)");
      statement.execute("insert into t select hex(randomblob(5000)) from json_each('[1,2,3,4,5]')");
    }
  }

  private Connection open() throws SQLException {
    opened++;
    if (failing) {
      throw new SQLException("the disk fails");
    }
    return DriverManager.getConnection(sqlite.url());
  }

  private boolean acquits() {
    return examination.acquits(this::open);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void a_file_that_is_whole_is_acquitted_at_once() {
    assertTrue(acquits());
  }

  @Test
  void a_damaged_file_is_not() throws Exception {
    byte[] bytes = Files.readAllBytes(sqlite.file());
    Arrays.fill(bytes, 4_096, bytes.length, (byte) 'x');
    Files.write(sqlite.file(), bytes);

    assertFalse(acquits());
  }

  @Test
  void while_the_disk_fails_it_is_read_ever_more_seldom() {
    failing = true;
    assertFalse(acquits());
    assertFalse(acquits());
    assertTrue(opened == 1, "it was read twice at the same moment");

    pass(FIRST.multipliedBy(4));
    assertFalse(acquits());
    pass(FIRST.multipliedBy(4));
    assertFalse(acquits());
    assertTrue(opened == 2, "it was read again too soon");
  }

  @Test
  void when_the_disk_works_again_the_file_is_acquitted() {
    failing = true;
    assertFalse(acquits());
    failing = false;
    assertFalse(acquits(), "not before it is due");
    pass(FIRST.multipliedBy(4));

    assertTrue(acquits());
  }
}
