package dev.quern.trust;

import dev.quern.trust.Platter.Model;
import dev.quern.trust.Recording.Event;
import dev.quern.trust.Recording.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A file on a [Platter]: what was written to it, and what of that is on disk for certain.
final class DiskFile {
  /// What a disk writes at once.
  private static final int SECTOR = 512;

  private final byte[] log;
  private final Content written = new Content();
  private final Content durable = new Content();
  private final List<Event> pending = new ArrayList<>();
  private final Map<Long, Integer> syncs = new HashMap<>();

  DiskFile(byte[] log) {
    this.log = log;
  }

  void change(Event event) {
    apply(event, written);
    pending.add(event);
  }

  private void apply(Event event, Content content) {
    if (event.kind() == Kind.TRUNCATE) {
      content.resize((int) event.at());
    } else {
      content.write((int) event.at(), log, event.from(), event.length());
    }
  }

  void syncBegins(long ticket) {
    syncs.put(ticket, pending.size());
  }

  void syncEnds(long ticket) {
    List<Event> synced = takeSynced(ticket);
    synced.forEach(event -> apply(event, durable));
    synced.clear();
  }

  void syncFailed(long ticket) {
    takeSynced(ticket).clear();
  }

  /// Of two syncs at once, the one that ends first takes all.
  private List<Event> takeSynced(long ticket) {
    int count = syncs.remove(ticket);
    syncs.replaceAll((_, other) -> Math.max(0, other - count));
    return pending.subList(0, count);
  }

  Content image(Model model, Random random) {
    return switch (model) {
      case ALL -> written;
      case SYNCED -> durable;
      case TORN -> pending.isEmpty() ? durable : torn(random);
    };
  }

  // ---- torn

  /// Each sector is as it was after any of the writes that touched it, or before all; the file is
  /// as long as it ever was since.
  private Content torn(Random random) {
    Map<Integer, Integer> last = lastTouches(random);
    Content torn = durable.copy();
    Map<Integer, Integer> touches = new HashMap<>();
    List<Integer> sizes = new ArrayList<>(List.of(durable.length()));
    for (Event event : pending) {
      sizes.add(sizeAfter(event, sizes.getLast()));
      if (event.kind() == Kind.WRITE) {
        tear(event, torn, last, touches);
      }
    }
    torn.resize(random.nextBoolean() ? sizes.getLast() : sizes.get(random.nextInt(sizes.size())));
    return torn;
  }

  private static int sizeAfter(Event event, int before) {
    return event.kind() == Kind.TRUNCATE
        ? (int) event.at()
        : Math.max(before, (int) event.at() + event.length());
  }

  /// How many touches of each sector reach the disk; in some images nearly all do, in others few.
  private Map<Integer, Integer> lastTouches(Random random) {
    Map<Integer, Integer> all = new HashMap<>();
    for (Event event : pending) {
      for (int at = (int) event.at(); at < end(event); at = next(at)) {
        all.merge(at / SECTOR, 1, Integer::sum);
      }
    }
    double chance = random.nextInt(1, 20) / 20.0;
    all.replaceAll((_, n) -> random.nextDouble() < chance ? n : random.nextInt(n));
    return all;
  }

  private void tear(
      Event event, Content torn, Map<Integer, Integer> last, Map<Integer, Integer> touches) {
    for (int at = (int) event.at(); at < end(event); at = next(at)) {
      int touch = touches.merge(at / SECTOR, 1, Integer::sum);
      if (touch <= last.get(at / SECTOR)) {
        int count = Math.min(next(at), end(event)) - at;
        torn.write(at, log, event.from() + at - (int) event.at(), count);
      }
    }
  }

  private static int end(Event event) {
    return event.kind() == Kind.WRITE ? (int) event.at() + event.length() : 0;
  }

  /// Where the next sector begins.
  private static int next(int at) {
    return (at / SECTOR + 1) * SECTOR;
  }
}
