package dev.quern.core;

import static dev.quern.Transition.POSTPONE;
import static dev.quern.Transition.RIPEN;

import dev.quern.Job;
import dev.quern.JobState;
import dev.quern.Transition;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Changes the priority and the time of a job that is not running, in one transaction.
final class Changing {
  private final Core core;
  private final Tx tx;

  Changing(Core core, Tx tx) {
    this.core = core;
    this.tx = tx;
  }

  /// Changes a job, if it is still as it was seen.
  boolean change(Job seen, OptionalInt priority, Optional<Instant> availableAt)
      throws SQLException {
    long at = availableAt.map(this::atTheEarliest).orElse(seen.availableAt().toEpochMilli());
    JobState state = availableAt.isPresent() ? stateAt(seen, at) : seen.state();
    Optional<JobTable.Moved> changed =
        JobTable.change(tx, seen, priority.orElse(seen.priority()), at, state);
    if (changed.isPresent()) {
      changed(changed.get(), seen, state, at);
    }
    return changed.isPresent();
  }

  private long atTheEarliest(Instant at) {
    return Math.max(at.toEpochMilli(), core.now());
  }

  private JobState stateAt(Job seen, long at) {
    boolean due = at <= core.now();
    return switch (seen.state()) {
      case SCHEDULED -> due ? RIPEN.target() : JobState.SCHEDULED;
      case READY -> due ? JobState.READY : POSTPONE.target();
      default -> seen.state();
    };
  }

  private void changed(JobTable.Moved job, Job seen, JobState state, long at) throws SQLException {
    Lane lane = core.ledger().lanes().byId(tx, job.lane());
    if (state == JobState.READY) {
      core.ledger().lanes().withWork().add(lane);
    } else if (state == JobState.SCHEDULED) {
      core.ledger().scheduled(at);
    }
    if (state != seen.state()) {
      Transition transition = state == JobState.READY ? RIPEN : POSTPONE;
      core.ledger().changes().moved(tx, transition, lane, job.id(), job.fence(), core.now());
    }
  }
}
