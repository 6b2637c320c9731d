package dev.quern.trust;

import dev.quern.trust.Recording.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A disk on which a [Recording] is replayed: what has been written to it, and what of that would
/// be there if the power were cut now.
///
/// A write is on disk for certain when a sync of its file that began after it has ended well. A
/// name, made or removed, is there when its directory was synced, which is less than most file
/// systems give. When a sync fails, what it should have written counts as written and is not there,
/// as Linux has it.
final class Platter {
  /// What reaches the disk of what was written and not synced.
  enum Model {
    /// All of it: the process died, the system did not.
    ALL,
    /// Nothing of it.
    SYNCED,
    /// Any part of it, sector by sector, in any order.
    TORN
  }

  /// A name that was made or removed.
  private record Naming(String name, long file, boolean removed) {
    void apply(Map<String, Long> names) {
      if (removed) {
        names.remove(name);
      } else {
        names.put(name, file);
      }
    }
  }

  private final byte[] log;
  private final Map<Long, DiskFile> files = new HashMap<>();
  private final Map<String, Long> names = new HashMap<>();
  private final Map<String, Long> durableNames = new HashMap<>();
  private final List<Naming> namings = new ArrayList<>();
  private final Map<Long, Integer> namingSyncs = new HashMap<>();
  private long directory;

  Platter(Recording recording) {
    log = recording.bytes();
  }

  // ---- what is done to it

  /// Replays one event.
  void step(Event event) {
    switch (event.kind()) {
      case WRITE, TRUNCATE -> file(event).change(event);
      case CREATE -> name(new Naming(event.name(), event.file(), false));
      case UNLINK -> name(new Naming(event.name(), 0, true));
      case OPEN_DIRECTORY -> directory = event.file();
      case SYNC_BEGINS -> syncBegins(event);
      case SYNC_ENDS -> syncEnds(event);
      case SYNC_FAILS -> file(event).syncFailed(event.at());
      case OPEN, SAY -> {}
    }
  }

  private DiskFile file(Event event) {
    return files.computeIfAbsent(event.file(), _ -> new DiskFile(log));
  }

  /// The system may give the number of a removed file to a new one.
  private void name(Naming naming) {
    naming.apply(names);
    namings.add(naming);
    if (!naming.removed()) {
      files.put(naming.file(), new DiskFile(log));
    }
  }

  private void syncBegins(Event event) {
    if (event.file() == directory) {
      namingSyncs.put(event.at(), namings.size());
    } else {
      file(event).syncBegins(event.at());
    }
  }

  private void syncEnds(Event event) {
    if (event.file() == directory) {
      int count = namingSyncs.remove(event.at());
      namingSyncs.replaceAll((_, other) -> Math.max(0, other - count));
      namings.subList(0, count).forEach(naming -> naming.apply(durableNames));
      namings.subList(0, count).clear();
    } else {
      file(event).syncEnds(event.at());
    }
  }

  // ---- what is there without power

  /// The files, by name, as the next to look finds them.
  Map<String, Content> image(Model model, Random random) {
    Map<String, Long> there = new HashMap<>(model == Model.ALL ? names : durableNames);
    if (model == Model.TORN) {
      namings.subList(0, random.nextInt(namings.size() + 1)).forEach(one -> one.apply(there));
    }
    Map<String, Content> image = new HashMap<>();
    there.forEach((name, file) -> image.put(name, files.get(file).image(model, random)));
    return image;
  }
}
