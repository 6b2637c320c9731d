package dev.quern.simulation;

import dev.quern.ClaimRequest;
import dev.quern.Lease;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.core.Core;
import java.lang.reflect.Field;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// An engine in a simulation, with the leases that were claimed by hand on it. It may die whenever
/// it is asked something.
final class Worker {
  private static final Field CORE = core();

  private final Simulation simulation;
  private final Life life;
  private final List<Lease> leases = new ArrayList<>();
  private Quern quern;
  private int depth;
  private int hangs;
  private boolean closed;

  Worker(Simulation simulation, Life life) {
    this.simulation = simulation;
    this.life = life;
  }

  /// Opens the engine.
  ///
  /// @return false if it died over it
  boolean open(QuernConfig config, Consumer<Quern> handlers) {
    return ask(
            _ -> {
              quern = Quern.manual(simulation.file(), config);
              handlers.accept(quern);
              return quern.start();
            })
        .isPresent();
  }

  /// Asks the engine something; empty if it is dead, or died over it: nobody heard an answer.
  <T> Optional<T> ask(Function<Quern, T> question) {
    if (life.dead()) {
      return Optional.empty();
    }
    Life before = simulation.alive(life);
    depth++;
    try {
      T answer = question.apply(quern);
      return life.dead() ? Optional.empty() : Optional.of(answer);
    } catch (RuntimeException fault) {
      if (!life.dead()) {
        throw new IllegalStateException("a living engine failed", fault);
      }
      return Optional.empty();
    } finally {
      depth--;
      simulation.alive(before);
    }
  }

  List<Lease> leases() {
    return leases;
  }

  Life life() {
    return life;
  }

  boolean dead() {
    return life.dead();
  }

  /// Claims by hand.
  int claim(ClaimRequest request) {
    return ask(
            engine -> {
              List<Lease> claimed = engine.claim(request);
              leases.addAll(claimed);
              return claimed.size();
            })
        .orElse(0);
  }

  int tick() {
    return --hangs > 0 ? 0 : ask(Quern::tick).orElse(0);
  }

  /// Writes something, and the time with it.
  void write() {
    ask(quern -> {
      quern.kinds().resume("none");
      return true;
    });
  }

  /// Does nothing for so many ticks: its process is suspended.
  void hang(int ticks) {
    hangs = ticks;
  }

  boolean hangs() {
    return hangs > 0;
  }

  void wakeUp() {
    hangs = 0;
  }

  /// Whether it goes round.
  boolean awake() {
    return !busy() && !dead() && !closed && hangs <= 0;
  }

  /// Whether it is being asked something right now.
  boolean busy() {
    return depth > 0;
  }

  /// Looks at the clock, as the thread of an engine that is not driven by hand does all the time.
  void look() {
    if (quern != null && hangs <= 0) {
      try {
        ((Core) CORE.get(quern)).store().clock().millis();
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Field core() {
    try {
      Field core = Quern.class.getDeclaredField("core");
      core.setAccessible(true);
      return core;
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  void die() throws SQLException {
    life.die();
  }

  /// Frees what is left of it. A dead engine can write nothing any more.
  void close() {
    closed = true;
    if (quern != null) {
      Life before = simulation.alive(life);
      try {
        quern.close(Duration.ZERO);
      } catch (RuntimeException fault) {
        if (!life.dead()) {
          throw fault;
        }
      } finally {
        simulation.alive(before);
      }
    }
  }
}
