package dev.quern;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatesTest {
  private static final Duration LEASE = Duration.ofMinutes(10);
  private static final Duration DELAY = Duration.ofMinutes(1);

  @RegisterExtension final TestStore store = new TestStore();

  // Nothing in the library waits for other jobs yet, so nothing releases them.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RELEASE")
  void a_transition_is_made_from_its_own_states_and_from_no_other(Transition transition)
      throws SQLException {
    var quern = store.manual();
    for (JobState from : JobState.values()) {
      var lease = bring(quern, from, from.label(), transition);

      attempt(quern, lease, transition);

      var expected = transition.sources().contains(from) ? transition.target() : from;
      assertEquals(expected, state(quern, lease), transition + " from " + from);
    }
  }

  @Test
  void the_guard_of_a_transition_lets_its_own_states_pass_and_no_other() throws SQLException {
    try (var memory = DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = memory.createStatement()) {
      for (Transition transition : Transition.values()) {
        var passing =
            Arrays.stream(JobState.values())
                .map(state -> "select '%s' as state".formatted(state.label()))
                .collect(joining(" union all "));
        var rows =
            statement.executeQuery(
                "select group_concat(state) from (%s) where %s"
                    .formatted(passing, transition.guard()));

        var labels = transition.sources().stream().map(JobState::label).collect(joining(","));
        assertEquals(labels, rows.getString(1), transition.guard());
      }
    }
  }

  @Test
  void live_states_are_those_that_a_transition_other_than_requeue_can_leave() {
    for (JobState state : JobState.values()) {
      boolean leaves =
          Arrays.stream(Transition.values())
              .filter(transition -> transition != Transition.REQUEUE)
              .anyMatch(transition -> transition.sources().contains(state));

      assertEquals(leaves, state.live(), state.label());
      assertEquals(!leaves, state.ended(), state.label());
    }
  }

  @Test
  void the_page_of_states_shows_what_the_transitions_say() throws IOException {
    var page = Files.readString(Path.of("STATES.md"));

    assertEquals(expectedPage(), page);
  }

  @Test
  void the_schema_knows_exactly_the_states_of_a_job() throws IOException {
    var column = Pattern.compile("state\\s+text not null check \\(([^)]*)\\)").matcher(schema());
    assertTrue(column.find());

    var states =
        Pattern.compile("'(\\w+)'")
            .matcher(column.group(1))
            .results()
            .map(match -> match.group(1))
            .collect(toSet());

    assertEquals(Arrays.stream(JobState.values()).map(JobState::label).collect(toSet()), states);
  }

  private static String expectedPage() {
    return """
    # The states of a job

    Every change of a job's state is one `Transition`, made in one place; there are no others.
    This page is what `Transition` says, and a test compares the two.

    ```mermaid
    %s```

    | transition | from | to |
    |---|---|---|
    %s
    """
        .formatted(
            Transition.diagram(),
            Arrays.stream(Transition.values()).map(StatesTest::row).collect(joining("\n")));
  }

  private static String row(Transition transition) {
    var sources = transition.sources().stream().map(JobState::label).collect(joining(", "));
    return "| %s | %s | %s |"
        .formatted(transition.label().replace('_', ' '), sources, transition.target().label());
  }

  private static String schema() throws IOException {
    try (var script = Quern.class.getResourceAsStream("/dev/quern/schema/sqlite/001-jobs.sql")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /// A job of its own kind that was claimed once and then brought to a state.
  private Lease bring(Quern quern, JobState state, String kind, Transition next)
      throws SQLException {
    quern.enqueue(NewJob.json(kind, "1"));
    var lease = quern.claim(ClaimRequest.of(kind).lease(LEASE)).getFirst();
    switch (state) {
      case RUNNING -> {}
      case SCHEDULED -> lease.defer(next == Transition.RECLAIM ? Duration.ofDays(1) : DELAY, "");
      case READY -> lease.handBack();
      case WAITING -> {
        lease.handBack();
        keepWaiting(lease.jobId());
      }
      case DONE -> lease.complete();
      case FAILED -> lease.fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
      case CANCELLED -> {
        lease.handBack();
        quern.jobs().cancel(lease.jobId(), "no longer wanted");
      }
    }
    assertEquals(state, state(quern, lease));
    return lease;
  }

  private void keepWaiting(long jobId) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate("update quern_job set state = 'waiting' where id = " + jobId);
    }
  }

  private void attempt(Quern quern, Lease lease, Transition transition) {
    switch (transition) {
      case RELEASE -> throw new AssertionError();
      case RIPEN -> pass(quern, DELAY);
      case POSTPONE -> postpone(quern, lease.jobId());
      case CLAIM -> quern.claim(ClaimRequest.of(lease.kind()));
      case COMPLETE -> lease.complete();
      case RETRY -> lease.fail(new Failure(FailureClass.TRANSIENT, "later", "later"));
      case DEFER -> lease.defer(DELAY, "later");
      case HAND_BACK -> lease.handBack();
      case RECLAIM -> pass(quern, LEASE.plusMinutes(1));
      case FAIL -> lease.fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "bad"));
      case CANCEL -> cancel(quern, lease);
      case REQUEUE -> quern.jobs().requeue(lease.jobId());
    }
  }

  private void postpone(Quern quern, long id) {
    Instant later = store.clock.instant().plus(DELAY);
    quern
        .jobs()
        .change(quern.jobs().get(id).orElseThrow(), OptionalInt.empty(), Optional.of(later));
  }

  private void pass(Quern quern, Duration time) {
    store.clock.advance(time);
    quern.tick();
  }

  /// A running job is asked to stop, and is cancelled when its attempt ends.
  private static void cancel(Quern quern, Lease lease) {
    if (quern.jobs().cancel(lease.jobId(), "stop") == CancelResult.REQUESTED) {
      lease.handBack();
    }
  }

  private static JobState state(Quern quern, Lease lease) {
    return quern.jobs().get(lease.jobId()).map(Job::state).orElseThrow();
  }
}
