package dev.quern.simulation;

import dev.quern.JobState;
import dev.quern.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Looks at the jobs after every commit, and at what has become of each since the last one: every
/// change must be one that the rules allow, by whom and when they allow it.
final class Watch implements AutoCloseable {
  private final Connection connection;
  private final Book book;
  private final Trace trace;
  private final Permits permits;
  private final Times times;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<Long, Long> jobOfToken = new HashMap<>();
  private final Set<Long> livingOwners = new HashSet<>();
  private Map<Long, Row> rows = new TreeMap<>();
  private long lastOwner;
  private long commits;
  private long reclaimed;

  Watch(Connection connection, Wall wall, Book book, Trace trace, Permits permits) {
    this.connection = connection;
    this.times = new Times(wall, permits);
    this.book = book;
    this.trace = trace;
    this.permits = permits;
  }

  Map<Long, Row> rows() {
    return rows;
  }

  Optional<Row> row(long id) {
    return Optional.ofNullable(rows.get(id));
  }

  /// Whether a claim still has its job.
  boolean holds(long job, long fence) {
    return row(job).filter(row -> row.running() && row.fence() == fence).isPresent();
  }

  List<Problem> problems() {
    return problems;
  }

  long commits() {
    return commits;
  }

  long reclaimed() {
    return reclaimed;
  }

  void problem(Problem problem) {
    trace.add("PROBLEM " + problem);
    problems.add(problem);
  }

  /// Takes note that the owners of a life are dead.
  void died(Life life) {
    livingOwners.removeIf(life::isOwner);
  }

  /// Nothing may have changed since the last commit.
  void expectNothingNew() throws SQLException {
    if (!read().equals(rows)) {
      problem(Problem.lost("what was committed has changed by itself: " + read() + " " + rows));
    }
  }

  /// Looks at what a commit has changed.
  void look(Life by) throws SQLException {
    commits++;
    findOwners(by);
    Map<Long, Row> before = rows;
    rows = read();
    for (Row row : rows.values()) {
      Row old = before.get(row.id());
      if (old == null) {
        added(row);
      } else if (!old.equals(row)) {
        trace.add("  " + old + " -> " + row);
        changed(old, row, by);
      }
    }
    before.values().stream().filter(old -> !rows.containsKey(old.id())).forEach(this::removed);
    checkKeys();
  }

  private Map<Long, Row> read() throws SQLException {
    Map<Long, Row> read = new TreeMap<>();
    try (PreparedStatement query = connection.prepareStatement(Row.ALL);
        ResultSet result = query.executeQuery()) {
      while (result.next()) {
        Row row = Row.of(result);
        read.put(row.id(), row);
      }
    }
    return read;
  }

  private void findOwners(Life by) throws SQLException {
    long newest = number("select coalesce(max(id), 0) from quern_owner");
    for (; lastOwner < newest; lastOwner++) {
      by.owns(lastOwner + 1);
      livingOwners.add(lastOwner + 1);
    }
  }

  // ---- new jobs

  private void added(Row row) {
    trace.add("  new " + row + " " + row.task().payload());
    Optional<Book.Asked> asked = book.asked(row.token());
    if (asked.isEmpty() || row.fence() > 1) {
      problem(Problem.unexpected("nobody asked for " + row));
      return;
    }
    Long twin = jobOfToken.put(row.token(), row.id());
    if (twin != null && asked.get().key().isEmpty()) {
      problem(Problem.duplicated("asked for once: " + row + " and job " + twin));
    }
    times.begin(row, row.createdAt());
    asked.get().parent().ifPresent(claim -> checkParent(row, claim));
    if (asked.get().key().isEmpty()) {
      checkGroup(row, asked.get());
    }
  }

  private void checkParent(Row row, Book.Claim claim) {
    Row parent = rows.get(claim.job());
    if (parent == null || parent.state() != JobState.DONE || parent.fence() != claim.fence()) {
      problem(Problem.unexpected("a follow-up of what has not ended well: " + row));
    }
  }

  private void checkGroup(Row row, Book.Asked asked) {
    Set<Long> tokens = new HashSet<>();
    rows.values().forEach(other -> tokens.add(other.token()));
    if (!tokens.containsAll(book.group(asked))) {
      problem(Problem.lost("not all of a batch are there, only some, as " + row));
    }
  }

  private void checkKeys() {
    Set<String> live = new HashSet<>();
    for (Row row : rows.values()) {
      if (row.state().live() && row.key().isPresent() && !live.add(row.key().get())) {
        problem(Problem.duplicated("two live jobs have the key of " + row));
      }
    }
  }

  // ---- changes

  private void changed(Row old, Row row, Life by) throws SQLException {
    long claims = row.fence() - old.fence();
    if (claims < 0 || claims > 1 || !reachable(old.state(), row.state(), claims)) {
      problem(Problem.unexpected("no way from " + old + " to " + row));
    }
    if (old.state().ended()) {
      endedChanged(old, row);
    }
    if (old.running() && (claims > 0 || !row.running())) {
      attemptEnded(old, row, by);
    }
    if (old.state() == JobState.SCHEDULED && row.state() != JobState.CANCELLED) {
      checkTime("was not due", old, old.state() != row.state());
    }
    if (row.running() && row.leaseUntil() != old.leaseUntil() || old.state() != row.state()) {
      times.begin(row, now(row));
    }
  }

  /// Whether there is a way of so many claims from one state to another. A commit may hold several
  /// moves of a job: back, due, claimed.
  private static boolean reachable(JobState from, JobState to, long claims) {
    return reachable(from, to, claims, 3);
  }

  private static boolean reachable(JobState from, JobState to, long claims, int moves) {
    if (from == to && claims == 0) {
      return true;
    }
    if (moves == 0) {
      return false;
    }
    for (Transition move : Transition.values()) {
      long left = claims - (move == Transition.CLAIM ? 1 : 0);
      if (left >= 0
          && move.sources().contains(from)
          && reachable(move.target(), to, left, moves - 1)) {
        return true;
      }
    }
    return false;
  }

  private void endedChanged(Row old, Row row) {
    boolean requeued = row.requeues() == old.requeues() + 1 && permits.given(Permits.Of.REQUEUE);
    if (!requeued) {
      problem(Problem.unexpected("changed after its end: " + old + " to " + row));
    }
  }

  /// Only who holds a lease ends it, or others when its holder is dead or was silent for too long.
  private void attemptEnded(Row old, Row row, Life by) throws SQLException {
    boolean taken = !by.isOwner(old.owner()) || outcome(old).equals(Optional.of("lost"));
    reclaimed += taken ? 1 : 0;
    if (taken) {
      checkTime("was taken from a living owner", old, livingOwners.contains(old.owner()));
    }
    if (taken && row.state() == JobState.DONE && row.fence() == old.fence()) {
      problem(Problem.unexpected("done by somebody else than its holder: " + row));
    }
    Book.Claim claim = new Book.Claim(old.id(), old.fence());
    if (row.state() == JobState.DONE && row.fence() == old.fence()) {
      for (long token : book.followUps(claim)) {
        if (!jobOfToken.containsKey(token) && ofTokenNow(token).isEmpty()) {
          problem(Problem.lost("a follow-up of " + row + " is not there"));
        }
      }
    }
  }

  private Optional<Row> ofTokenNow(long token) {
    return rows.values().stream().filter(row -> row.token() == token).findFirst();
  }

  private Optional<String> outcome(Row old) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "select outcome from quern_attempt where job_id = ? and fence = ?")) {
      query.setLong(1, old.id());
      query.setLong(2, old.fence());
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  private void removed(Row old) {
    trace.add("  removed " + old);
    boolean asked =
        permits.given(Permits.Of.DELETE) && old.state().ended()
            || permits.given(Permits.Of.PURGE) && !old.running();
    if (!asked && !old.state().ended()) {
      problem(Problem.lost("gone: " + old));
    } else if (!asked) {
      checkTime("is gone before its time", old, permits.retention(old.state()).isPresent());
    }
  }

  private void checkTime(String what, Row row, boolean left) {
    if (left) {
      times.problem(what, row).ifPresent(this::problem);
    }
  }

  /// The time by which a change was made, as far as the row tells.
  private long now(Row row) throws SQLException {
    return row.state() == JobState.SCHEDULED
        ? number("select coalesce(max(ended_at), 0) from quern_attempt where job_id = " + row.id())
        : 0;
  }

  private long number(String sql) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
