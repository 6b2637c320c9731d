package dev.quern.core;

import dev.quern.StoreException;
import dev.quern.store.Store;
import dev.quern.store.Tx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// Who this engine is among all that opened the store: its row, and the lock that says it is alive.
/// An engine that only looks or enqueues has none. Jobs claimed by hand belong to a second number,
/// since nobody renews their leases. Safe for use by several threads.
final class Identity {
  /// The number of all workers elsewhere, whose jobs depend on their leases alone.
  static final long REMOTE = -1;

  private static final int TRIES = 1_000;
  private static final long FORGET_MILLIS = 60_000;

  private final Store store;
  private final Set<String> capabilities;
  private volatile long owner;
  private volatile long guest;

  Identity(Store store, Set<String> capabilities) {
    this.store = store;
    this.capabilities = capabilities;
  }

  /// The number under which handlers run; 0 before [#register].
  long owner() {
    return owner;
  }

  /// The number under which handlers run, which is taken if there is none. Not to be called by the
  /// thread that writes.
  synchronized long register() {
    if (owner == 0) {
      owner = enter();
    }
    return owner;
  }

  /// The number under which jobs are claimed by hand. Not to be called by the thread that writes.
  synchronized long guest() {
    if (guest == 0) {
      guest = enter();
    }
    return guest;
  }

  /// Whether this engine can hold jobs.
  boolean known() {
    return owner != 0 || guest != 0;
  }

  /// Whether a number is one of this engine's two.
  boolean isOwn(long number) {
    return number == owner || number == guest;
  }

  private long enter() {
    long number = store.writer().write(this::insert);
    hold(number);
    return number;
  }

  private long insert(Tx tx) throws SQLException {
    long now = store.clock().millis();
    for (OwnerTable.Owner other : OwnerTable.all(tx)) {
      // One that has just entered may not hold its lock yet.
      if (other.startedAt() < now - FORGET_MILLIS && !alive(other.id())) {
        OwnerTable.delete(tx, other.id());
      }
    }
    return OwnerTable.insert(tx, ProcessHandle.current().pid(), host(), now, capabilities);
  }

  private boolean alive(long number) {
    try {
      return store.owners().alive(number);
    } catch (IOException e) {
      throw new StoreException("cannot look whether engine " + number + " is alive", e);
    }
  }

  /// Holds the lock of a number. Another process may touch it for a moment, to look whether it is
  /// held.
  private void hold(long number) {
    try {
      for (int i = 0; !store.owners().hold(number); i++) {
        if (i == TRIES) {
          throw new StoreException("somebody else holds the lock of engine " + number, null);
        }
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      throw new StoreException("cannot lock the file of owners of " + store.file(), e);
    }
  }

  /// Says which kinds this engine serves, and how many jobs at once.
  void serve(Set<String> kinds, int slots) {
    long number = register();
    store
        .writer()
        .write(tx -> {
          OwnerTable.serve(tx, number, kinds, slots);
          return true;
        });
  }

  /// Leaves: whoever asks finds this engine dead.
  synchronized void leave() {
    try {
      store.owners().release(owner);
      store.owners().release(guest);
    } catch (IOException e) {
      throw new StoreException("cannot unlock the file of owners of " + store.file(), e);
    }
  }

  /// The name of this machine. Asking the network for it may take many seconds.
  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
    }
  }
}
