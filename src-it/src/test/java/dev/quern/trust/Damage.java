package dev.quern.trust;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.function.Function;

/// What can happen to the files of a database while nobody has them open.
enum Damage {
  /// One bit of the database.
  FLIP_BIT(files -> files.overwrite(files.database(), 1, old -> old ^ 1 << files.below(8))),
  /// Some bytes of the database.
  RUBBISH(files -> files.overwrite(files.database(), 1 + files.below(64), _ -> files.below(256))),
  /// A whole page of the database, zero.
  ZERO_PAGE(Target::zeroPage),
  /// Two pages, each in the place of the other.
  SWAP_PAGES(Target::swapPages),
  /// A page in the place of another too, as a write to the wrong place leaves it.
  MISPLACED_PAGE(Target::misplacePage),
  /// The database, cut anywhere.
  CUT(files -> files.cut(files.database())),
  /// The database, nothing left.
  EMPTY(files -> files.cutTo(files.database(), 0)),
  /// Rubbish behind the end of the database.
  LONGER(files -> files.append(files.database())),
  /// One bit of the log.
  FLIP_LOG_BIT(files -> files.overwrite(files.log(), 1, old -> old ^ 1 << files.below(8))),
  /// Some bytes of the log.
  LOG_RUBBISH(files -> files.overwrite(files.log(), 1 + files.below(64), _ -> files.below(256))),
  /// The log, cut anywhere.
  CUT_LOG(files -> files.cut(files.log())),
  /// No log.
  NO_LOG(files -> Files.deleteIfExists(files.log())),
  /// The log of another database.
  FOREIGN_LOG(Target::foreignLog),
  /// Another database before the log of this one.
  FOREIGN_DATABASE(Target::foreignDatabase),
  /// An index of the log that is not one.
  SHM_RUBBISH(files -> files.append(files.beside("-shm"))),
  /// A file of owners that is not one.
  OWNERS_RUBBISH(files -> files.append(files.beside("-owners")));

  private final Inflict inflict;

  Damage(Inflict inflict) {
    this.inflict = inflict;
  }

  /// Does it to a database.
  ///
  /// @param database its file
  /// @param other the file of another
  void inflict(Path database, Path other, Random random) throws IOException {
    inflict.on(new Target(database, other, random));
  }

  /// Whether it is only to the log. SQLite takes a log with a frame that is not whole for one that
  /// ended before that frame: the latest commits are gone, and nothing tells.
  boolean ofLog() {
    return switch (this) {
      case FLIP_LOG_BIT, LOG_RUBBISH, CUT_LOG, NO_LOG -> true;
      default -> false;
    };
  }

  /// Whether it puts something in place that is sound, and not what was there.
  boolean replaces() {
    return switch (this) {
      case FOREIGN_LOG, FOREIGN_DATABASE, EMPTY -> true;
      default -> false;
    };
  }

  private interface Inflict {
    void on(Target files) throws IOException;
  }

  /// The files that it is done to.
  private record Target(Path database, Path other, Random random) {
    private static final int PAGE = 4_096;

    int below(int bound) {
      return random.nextInt(bound);
    }

    Path beside(String suffix) {
      return database.resolveSibling(database.getFileName() + suffix);
    }

    Path log() {
      return beside("-wal");
    }

    /// Changes some bytes at a random place.
    void overwrite(Path file, int count, Function<Integer, Integer> change) throws IOException {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        long at = random.nextLong(Math.max(1, bytes.length()));
        for (long i = at; i < Math.min(at + count, bytes.length()); i++) {
          bytes.seek(i);
          int old = bytes.read();
          bytes.seek(i);
          bytes.write(change.apply(old));
        }
      }
    }

    private int pages() throws IOException {
      return Math.toIntExact(Files.size(database) / PAGE);
    }

    private byte[] page(int number) throws IOException {
      try (RandomAccessFile bytes = new RandomAccessFile(database.toFile(), "r")) {
        byte[] page = new byte[PAGE];
        bytes.seek((long) number * PAGE);
        bytes.readFully(page);
        return page;
      }
    }

    private void put(int number, byte[] page) throws IOException {
      try (RandomAccessFile bytes = new RandomAccessFile(database.toFile(), "rw")) {
        bytes.seek((long) number * PAGE);
        bytes.write(page);
      }
    }

    void zeroPage() throws IOException {
      put(below(pages()), new byte[PAGE]);
    }

    void swapPages() throws IOException {
      int one = below(pages());
      int two = below(pages());
      byte[] kept = page(one);
      put(one, page(two));
      put(two, kept);
    }

    void misplacePage() throws IOException {
      put(below(pages()), page(below(pages())));
    }

    void cut(Path file) throws IOException {
      if (Files.exists(file)) {
        cutTo(file, random.nextLong(Files.size(file) + 1));
      }
    }

    void cutTo(Path file, long length) throws IOException {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.setLength(length);
      }
    }

    void append(Path file) throws IOException {
      byte[] rubbish = new byte[1 + below(3 * PAGE)];
      random.nextBytes(rubbish);
      byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(before.length);
        bytes.write(rubbish);
      }
    }

    void foreignLog() throws IOException {
      Path theirs = other.resolveSibling(other.getFileName() + "-wal");
      Files.copy(theirs, log(), StandardCopyOption.REPLACE_EXISTING);
    }

    void foreignDatabase() throws IOException {
      Files.copy(other, database, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
