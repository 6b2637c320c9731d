package dev.quern.trust;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/// Lets operations of this process on its disk fail; for processes that a [Disk] was loaded into.
final class DiskArm {
  static final int WRITE = 1;
  static final int SYNC = 2;
  static final int TRUNCATE = 4;
  static final int OPEN = 8;
  static final int UNLINK = 16;
  static final int READ = 32;

  /// Of the log that SQLite writes ahead: what commits sync.
  static final int SYNC_WAL = 64;

  /// All that changes something.
  static final int CHANGES = WRITE | SYNC | TRUNCATE | OPEN | UNLINK;

  private static final SymbolLookup LIBRARY = library();
  private static final MethodHandle ARM =
      function(
          "quern_disk_arm",
          FunctionDescriptor.ofVoid(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT));
  private static final MethodHandle SEEN =
      function("quern_disk_seen", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  private static final MethodHandle HITS =
      function("quern_disk_hits", FunctionDescriptor.of(ValueLayout.JAVA_LONG));

  private DiskArm() {}

  /// How operations fail; in the order of `disk.c`.
  enum How {
    /// The n-th.
    ONCE,
    /// The n-th and all after it.
    FOREVER,
    /// Each n-th.
    EVERY,
    /// The n-th, if it writes, writes one half and says so.
    SHORT,
    /// The n-th writes one half and says that it failed.
    HALF
  }

  /// An error number of Linux.
  enum Error {
    EIO(5),
    ENOSPC(28);

    private final int number;

    Error(int number) {
      this.number = number;
    }
  }

  /// What fails.
  ///
  /// @param kinds which kinds of operations are counted
  /// @param nth which of them fails, from 1; 0 if none
  record Fault(int kinds, long nth, Error error, How how) {
    static final Fault NONE = new Fault(CHANGES, 0, Error.EIO, How.ONCE);

    /// As words of a command line.
    List<String> words() {
      return List.of(Integer.toString(kinds), Long.toString(nth), error.name(), how.name());
    }

    /// From words of a command line.
    static Fault of(List<String> words) {
      return new Fault(
          Integer.parseInt(words.get(0)),
          Long.parseLong(words.get(1)),
          Error.valueOf(words.get(2)),
          How.valueOf(words.get(3)));
    }
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup library() {
    return SymbolLookup.libraryLookup(Path.of(System.getenv("LD_PRELOAD")), Arena.global());
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(LIBRARY.findOrThrow(name), descriptor);
  }

  /// From now on; the operations are counted anew.
  static void arm(Fault fault) {
    try {
      ARM.invokeExact(fault.kinds, fault.nth, fault.error.number, fault.how.ordinal());
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// How many operations there were since it was armed.
  static long seen() {
    return count(SEEN);
  }

  /// How many of them failed.
  static long hits() {
    return count(HITS);
  }

  private static long count(MethodHandle function) {
    try {
      return (long) function.invokeExact();
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
