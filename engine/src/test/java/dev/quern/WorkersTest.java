package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WorkersTest {
  private static final Worker.About ABOUT =
      new Worker.About(Optional.of("host"), Optional.of(7L), Optional.of("1.0"), Optional.of(4));

  @RegisterExtension final TestStore store = new TestStore();

  private static WorkerReport report(String name) {
    return new WorkerReport(name, Set.of("mail"), Set.of("gpu"), ABOUT, Duration.ofSeconds(20));
  }

  private static Worker only(Workers workers) {
    assertEquals(1, workers.list().size(), workers.list().toString());
    return workers.list().getFirst();
  }

  // ---- workers elsewhere

  @Test
  void a_worker_that_tells_of_itself_is_listed() {
    var quern = store.manual();

    assertEquals(Directive.RUN, quern.workers().report(report("w1")));
    quern.tick();

    var worker = only(quern.workers());
    assertEquals("w1", worker.id());
    assertEquals(Set.of("mail"), worker.kinds());
    assertEquals(Set.of("gpu"), worker.capabilities());
    assertEquals(ABOUT, worker.about());
    assertFalse(worker.inProcess() || worker.lost());
    assertEquals(Optional.of(worker), quern.workers().get("w1"));
    assertEquals(Optional.empty(), quern.workers().get("w2"));
  }

  @Test
  void what_is_not_new_is_written_every_ten_seconds_at_most() throws SQLException {
    var quern = store.manual();
    quern.workers().report(report("w1"));
    quern.tick();
    try (Connection other = store.connect()) {
      long before = dataVersion(other);
      for (int i = 0; i < 9; i++) {
        store.clock.advance(Duration.ofSeconds(1));
        quern.workers().report(report("w1"));
        quern.workers().seen("w1", Duration.ofSeconds(20));
        quern.tick();
      }
      assertEquals(before, dataVersion(other), "an idle worker was written");

      store.clock.advance(Duration.ofSeconds(1));
      quern.workers().report(report("w1"));
      quern.tick();
      assertTrue(dataVersion(other) != before, "a worker that is there was not written");
    }
  }

  @Test
  void what_a_worker_said_of_itself_holds_until_it_says_otherwise() {
    var quern = store.manual();
    quern.workers().report(report("w1"));
    quern.tick();
    store.clock.advance(Duration.ofSeconds(1));
    var silent =
        new WorkerReport(
            "w1", Set.of("post"), Set.of(), Worker.About.NOTHING, Duration.ofSeconds(5));
    quern.workers().report(silent);
    quern.tick();

    var worker = only(quern.workers());
    assertEquals(Set.of("post"), worker.kinds());
    assertEquals(ABOUT, worker.about());
  }

  private static long dataVersion(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("pragma data_version")) {
      return row.getLong(1);
    }
  }

  @Test
  void a_worker_that_is_silent_for_too_long_is_lost_and_may_come_back() {
    var quern = store.manual();
    quern.workers().report(report("w1"));
    quern.tick();

    store.clock.advance(Duration.ofSeconds(50));
    assertFalse(only(quern.workers()).lost());
    store.clock.advance(Duration.ofMillis(1));
    assertTrue(only(quern.workers()).lost());
    quern.workers().seen("w1", Duration.ZERO);
    quern.tick();
    assertFalse(only(quern.workers()).lost());
  }

  @Test
  void a_worker_that_never_told_of_itself_stays_unknown() {
    var quern = store.manual();

    assertEquals(Directive.RUN, quern.workers().seen("w1", Duration.ZERO));
    quern.tick();

    assertEquals(List.of(), quern.workers().list());
  }

  @Test
  void who_was_not_heard_of_for_a_day_is_forgotten() {
    var quern = store.manual();
    quern.workers().report(report("w1"));
    quern.tick();

    store.clock.advance(Duration.ofDays(1).plusMinutes(1));
    quern.workers().report(report("w2"));
    quern.tick();

    assertEquals("w2", only(quern.workers()).id());
  }

  @Test
  void a_report_that_makes_no_sense_is_refused() {
    for (String name : List.of("", "@1", "x".repeat(256))) {
      assertThrows(IllegalArgumentException.class, () -> report(name), name);
    }
  }

  @Test
  void a_job_that_a_worker_elsewhere_would_take_does_not_want_for_one() {
    var quern = store.manual();
    long id = quern.enqueue(NewJob.json("mail", "1")).id();
    long fits = quern.enqueue(NewJob.json("mail", "1").requires("gpu")).id();
    long other = quern.enqueue(NewJob.json("mail", "1").requires("disk")).id();
    assertTrue(reasons(quern, id).contains("no_worker"));

    quern.workers().report(report("w1"));
    quern.tick();

    assertFalse(reasons(quern, id).contains("no_worker"));
    assertFalse(reasons(quern, fits).contains("no_worker"));
    assertTrue(reasons(quern, other).contains("no_worker"));
    quern.workers().direct("w1", Directive.QUIET);
    assertTrue(reasons(quern, id).contains("no_worker"));
  }

  private static List<String> reasons(Quern quern, long id) {
    return quern.jobs().why(id).orElseThrow().reasons().stream().map(Why.Reason::code).toList();
  }

  // ---- directives

  @Test
  void a_worker_is_told_what_to_do_also_by_another_process() {
    var quern = store.manual();
    var other = store.manual();
    quern.workers().report(report("w1"));
    quern.tick();

    var told = other.workers().direct("w1", Directive.QUIET).orElseThrow();
    assertEquals(Directive.QUIET, told.directive());
    quern.enqueue(NewJob.json("any", "1"));
    assertEquals(Directive.QUIET, quern.workers().seen("w1", Duration.ZERO));
    assertEquals(Directive.RUN, quern.workers().seen("w2", Duration.ZERO));

    quern.workers().direct("w1", Directive.RUN);
    assertEquals(Directive.RUN, quern.workers().report(report("w1")));
    assertEquals(Optional.empty(), quern.workers().direct("nobody", Directive.STOP));
  }

  // ---- engines

  @Test
  void an_engine_with_handlers_is_listed_and_writes_nothing_for_it() throws SQLException {
    var quern = store.manual();
    quern.handle("mail", Integer.class, (_, _) -> {});
    quern.start();
    quern.tick();

    var worker = only(quern.workers());
    assertTrue(worker.inProcess());
    assertEquals(Set.of("mail"), worker.kinds());
    assertEquals(Optional.of(QuernConfig.DEFAULT.concurrency()), worker.about().slots());
    assertEquals(Optional.of(ProcessHandle.current().pid()), worker.about().pid());
    assertFalse(worker.lost());
  }

  @Test
  void an_engine_that_is_quiet_takes_no_jobs_until_it_may_again() {
    var quern = store.manual();
    quern.handle("mail", Integer.class, (_, _) -> {});
    quern.start();
    var id = only(quern.workers()).id();

    quern.workers().direct(id, Directive.QUIET);
    quern.enqueue(NewJob.json("mail", "1"));
    assertEquals(0, quern.tick());
    assertEquals(Directive.QUIET, only(quern.workers()).directive());
    quern.workers().direct(id, Directive.RUN);
    assertEquals(1, quern.tick());
  }

  @Test
  void an_engine_obeys_another_process() {
    var quern = store.manual();
    quern.handle("mail", Integer.class, (_, _) -> {});
    quern.start();
    quern.tick();
    var other = store.manual();

    other.workers().direct(only(other.workers()).id(), Directive.STOP);
    other.enqueue(NewJob.json("mail", "1"));
    assertEquals(0, quern.tick());
    other.workers().direct(only(other.workers()).id(), Directive.RUN);
    assertEquals(1, quern.tick());
  }

  // ---- tenants

  @Test
  void a_tenant_sees_and_directs_its_own_workers_alone() {
    var quern = store.manual();
    for (String id : List.of("acme", "other")) {
      quern.access().tenants().create(id, policy -> policy);
      quern.tenant(id).workers().report(report("w1"));
      quern.tick();
    }
    quern.handle("mail", Integer.class, (_, _) -> {});
    quern.start();
    quern.workers().report(report("all"));
    quern.tick();
    var acme = quern.tenant("acme").workers();

    assertEquals(Optional.of("acme"), only(acme).tenant());
    assertEquals(4, quern.workers().list().size());
    acme.direct("w1", Directive.STOP);
    assertEquals(Optional.empty(), acme.direct("all", Directive.STOP));
    assertEquals(Directive.STOP, acme.seen("w1", Duration.ZERO));
    var theirs = quern.tenant("other").workers();
    assertEquals(Directive.RUN, theirs.seen("w1", Duration.ZERO));
  }
}
