package dev.quern.core;

import dev.quern.Failure;
import dev.quern.JobContext;
import dev.quern.Leases.Renewal;
import dev.quern.Leases.Renewed;
import dev.quern.LogLine;
import dev.quern.json.Texts;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Renews the leases of workers elsewhere and keeps what they say of their jobs, under their
/// fences. Used by the thread that writes.
final class Renewing implements Step<Renewing.Member, List<Renewed>> {
  private final Core core;

  Renewing(Core core) {
    this.core = core;
  }

  /// What one caller renews.
  ///
  /// @param scope whose jobs it may have
  record Member(List<Renewal> renewals, Scope scope) {}

  @Override
  public Phase phase() {
    return Phase.SETTLE;
  }

  @Override
  public List<List<Renewed>> apply(Tx tx, List<Member> members) throws SQLException {
    // A lease may also have become shorter.
    core.ledger().changes().claimedByHand();
    List<List<Renewed>> answers = new ArrayList<>(members.size());
    for (Member member : members) {
      answers.add(renew(tx, member));
    }
    return answers;
  }

  private List<Renewed> renew(Tx tx, Member member) throws SQLException {
    List<Renewed> renewed = new ArrayList<>(member.renewals().size());
    for (Renewal renewal : member.renewals()) {
      renewed.add(sees(tx, member.scope(), renewal) ? renew(tx, renewal) : Renewed.LOST);
    }
    return renewed;
  }

  private boolean sees(Tx tx, Scope scope, Renewal renewal) throws SQLException {
    if (scope.tenant().isEmpty()) {
      return true;
    }
    LeaseTable.Start start = LeaseTable.starts(tx, List.of(renewal.jobId())).get(renewal.jobId());
    return start != null && scope.sees(core.ledger().lanes().byId(tx, start.lane()).tenant());
  }

  private Renewed renew(Tx tx, Renewal renewal) throws SQLException {
    long until = core.now() + renewal.by().toMillis();
    if (!LeaseTable.renew(tx, renewal.jobId(), renewal.fence(), until)) {
      return Renewed.LOST;
    }
    keep(tx, renewal);
    boolean cancelled =
        EndTable.held(tx, renewal.jobId(), renewal.fence())
            .map(Held::cancelRequested)
            .orElse(false);
    return cancelled ? Renewed.CANCEL_REQUESTED : Renewed.HELD;
  }

  private void keep(Tx tx, Renewal renewal) throws SQLException {
    Optional<String> note = renewal.note().map(text -> Texts.cut(text, Failure.MESSAGE_LIMIT));
    if (note.isPresent() || renewal.progress().isPresent()) {
      EndTable.progress(tx, renewal.jobId(), renewal.fence(), renewal.progress(), note);
    }
    if (!renewal.lines().isEmpty()) {
      log(tx, renewal);
    }
  }

  /// Further lines than a log holds are dropped, as those of handlers are.
  private void log(Tx tx, Renewal renewal) throws SQLException {
    int sequence = AttemptTable.nextLine(tx, renewal.jobId(), renewal.fence());
    for (String line : renewal.lines()) {
      if (sequence <= JobContext.LOG_LINES_LIMIT) {
        String text =
            sequence == JobContext.LOG_LINES_LIMIT
                ? Notebook.DROPPED
                : Texts.cut(line, JobContext.LOG_LINE_LIMIT);
        Instant now = Instant.ofEpochMilli(core.now());
        AttemptTable.insertLine(
            tx, renewal.jobId(), new LogLine(renewal.fence(), sequence++, now, text));
      }
    }
  }
}
