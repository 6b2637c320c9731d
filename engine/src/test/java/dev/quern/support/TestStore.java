package dev.quern.support;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Quern;
import dev.quern.QuernConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A store on a temporary file. Opens engines on it; after each test it closes them, checks what
/// must hold in every store ([Invariants]), and deletes the file.
///
/// ```java
/// @RegisterExtension final TestStore store = new TestStore();
/// ```
public final class TestStore implements AfterEachCallback {
  /// The time of the engines that are opened with the defaults.
  public final TestClock clock = new TestClock();

  private final Path directory = temporary();
  private final Deque<Quern> opened = new ArrayDeque<>();

  /// A store in a new directory; the file is made by the first engine.
  public TestStore() {}

  /// The database.
  public Path file() {
    return directory.resolve("app.db");
  }

  /// An engine that is driven by hand, at the time of [#clock].
  public Quern manual() {
    return manual(config());
  }

  /// An engine that is driven by hand.
  public Quern manual(QuernConfig config) {
    return closing(Quern.manual(file(), config));
  }

  /// An engine with its own threads, at the time of [#clock].
  public Quern open() {
    return open(config());
  }

  /// An engine with its own threads.
  public Quern open(QuernConfig config) {
    return closing(Quern.open(file(), config));
  }

  /// The defaults at the time of [#clock].
  public QuernConfig config() {
    return QuernConfig.DEFAULT.clock(clock);
  }

  /// A plain connection of an application, in auto-commit mode.
  public Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file());
  }

  private Quern closing(Quern quern) {
    opened.push(quern);
    return quern;
  }

  /// Waits until something is true, ten seconds at most.
  public static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "still not true after 10 s");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException, IOException {
    try {
      opened.forEach(quern -> quern.close(Duration.ZERO));
      if (Files.exists(file())) {
        try (Connection connection = connect()) {
          new Invariants(connection).check();
        }
      }
    } finally {
      delete(directory);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("quern-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes about)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException fault)
              throws IOException {
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
