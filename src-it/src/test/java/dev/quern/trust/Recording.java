package dev.quern.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What processes did to the files of a directory, and what they said meanwhile, in order.
///
/// @param events all of it
/// @param bytes the log, in which the data of the events are
record Recording(List<Event> events, byte[] bytes) {
  private static final int HEAD = 27;

  /// What happened; the letters are those of `disk.c`.
  enum Kind {
    WRITE('W'),
    TRUNCATE('T'),
    SYNC_BEGINS('B'),
    SYNC_ENDS('S'),
    SYNC_FAILS('F'),
    OPEN('O'),
    CREATE('N'),
    OPEN_DIRECTORY('D'),
    UNLINK('U'),
    SAY('A');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    static Kind of(char letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      throw new IllegalArgumentException("an operation that cannot be replayed: " + letter);
    }
  }

  /// One operation, or words that were said.
  ///
  /// @param name the name of the file in its directory, where the operation names it
  /// @param file the number of the file
  /// @param at where it was written, how long it was made, or which sync it is
  /// @param from where the data begin in the log
  /// @param length how long the data are
  record Event(Kind kind, String name, long file, long at, int from, int length) {
    /// Whether a disk without power could look different after it.
    boolean changes() {
      return switch (kind) {
        case WRITE, TRUNCATE, CREATE, UNLINK -> true;
        default -> false;
      };
    }
  }

  /// Reads a log.
  static Recording read(Path log) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<Event> events = new ArrayList<>();
    while (buffer.remaining() >= HEAD) {
      Event event = event(buffer, bytes);
      // Mapped memory, which is made anew.
      if (!event.name().endsWith("-shm")) {
        events.add(event);
      }
    }
    return new Recording(events, bytes);
  }

  private static Event event(ByteBuffer buffer, byte[] bytes) {
    Kind kind = Kind.of((char) buffer.get());
    int pathLength = buffer.getShort();
    long file = buffer.getLong();
    long at = buffer.getLong();
    int length = Math.toIntExact(buffer.getLong());
    String path = new String(bytes, buffer.position(), pathLength, StandardCharsets.UTF_8);
    int from = buffer.position() + pathLength;
    buffer.position(from + length);
    String name = path.substring(path.lastIndexOf('/') + 1);
    return new Event(kind, name, file, at, from, length);
  }

  /// How often a file was written to, or made anew.
  long count(Kind kind, String name) {
    Set<Long> files = new HashSet<>();
    long count = 0;
    for (Event event : events) {
      if (event.name().equals(name)) {
        files.add(event.file());
      }
      count += event.kind() == kind && files.contains(event.file()) ? 1 : 0;
    }
    return count;
  }

  /// The lines that an event said; empty if it said nothing.
  List<String> lines(Event event) {
    return event.kind() == Kind.SAY
        ? new String(bytes, event.from(), event.length(), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }
}
