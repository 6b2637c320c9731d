package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who may do what to whose job, for every method by which a tenant can reach one. The methods are
/// read from the types, so that one which is new is not forgotten.
class IsolationTest {
  private static final NewArtifact FILE = NewArtifact.of("file", "text/plain");
  private static final List<String> OWNERS = List.of("acme", "other", "");

  @RegisterExtension final TestStore store = new TestStore();

  /// What a viewer can do with.
  private record View(String name, Jobs jobs, Artifacts artifacts, Leases leases, Tenancy tenancy) {
    boolean sees(String owner) {
      return tenancy == null || tenancy.id().equals(owner);
    }
  }

  /// Whether a method let a viewer see or change a job.
  private interface Probe {
    boolean reaches(View view, long id) throws IOException;
  }

  private static final Map<String, Probe> PROBES = new TreeMap<>();

  /// The job that a probe is about, as the operator saw it.
  private static Job seen;

  static {
    PROBES.put("Jobs.get", (view, id) -> view.jobs().get(id).isPresent());
    PROBES.put("Jobs.list", (view, id) -> lists(view.jobs(), id));
    PROBES.put("Jobs.attempts", (view, id) -> !view.jobs().attempts(id).isEmpty());
    PROBES.put("Jobs.log", (view, id) -> !view.jobs().log(id).isEmpty());
    PROBES.put(
        "Jobs.counts", (view, id) -> view.jobs().counts().of("kind" + id, JobState.FAILED) == 1);
    PROBES.put("Jobs.series", (view, id) -> inSeries(view.jobs(), "kind" + id));
    PROBES.put("Jobs.await", (view, id) -> view.jobs().await(id, Duration.ZERO).isPresent());
    PROBES.put("Jobs.why", (view, id) -> view.jobs().why(id).isPresent());
    PROBES.put("Jobs.cancel", (view, id) -> view.jobs().cancel(id, "") != CancelResult.NOT_FOUND);
    PROBES.put("Jobs.requeue", (view, id) -> view.jobs().requeue(id).requeued() == 1);
    PROBES.put(
        "Jobs.requeueFailed",
        (view, id) -> view.jobs().requeueFailed(Optional.of("kind" + id), false).requeued() == 1);
    PROBES.put(
        "Jobs.change",
        (view, id) ->
            view.jobs().change(seen, OptionalInt.of(seen.priority() + 1), Optional.empty()));
    PROBES.put("Jobs.delete", (view, id) -> view.jobs().delete(id));
    PROBES.put("Artifacts.put", (view, id) -> view.artifacts().put(id, FILE, bytes(1)).isPresent());
    PROBES.put("Artifacts.put under a fence", IsolationTest::putUnderFence);
    PROBES.put("Leases.renew", IsolationTest::renews);
    PROBES.put("Leases.ack", IsolationTest::acknowledges);
    PROBES.put("Artifacts.get", (view, id) -> view.artifacts().get(id, "log").isPresent());
    PROBES.put("Artifacts.list", (view, id) -> !view.artifacts().list(id).isEmpty());
    PROBES.put("Artifacts.read", (view, id) -> view.artifacts().read(id, "log").isPresent());
    PROBES.put(
        "Artifacts.read a part", (view, id) -> view.artifacts().read(id, "log", 0, 1).isPresent());
    PROBES.put("Artifacts.delete", (view, id) -> view.artifacts().delete(id, "log"));
  }

  private static final Map<String, Set<String>> METHODS =
      Map.of(
          "Artifacts.put", Set.of("Artifacts.put", "Artifacts.put under a fence"),
          "Artifacts.read", Set.of("Artifacts.read", "Artifacts.read a part"));

  /// What reaches no job that is there, and is looked at in [TenancyTest].
  private static final Set<String> OF_TENANCY =
      Set.of(
          "artifacts",
          "claim",
          "enqueue",
          "enqueueAll",
          "enqueueEach",
          "enqueueOnce",
          "id",
          "jobs",
          "kinds",
          "leases",
          "listen",
          "standingClaim",
          "webhooks",
          "workers");

  private static ByteArrayInputStream bytes(int size) {
    return new ByteArrayInputStream(new byte[size]);
  }

  private static boolean inSeries(Jobs jobs, String kind) {
    var since1970 =
        SeriesQuery.of(
            SeriesQuery.Metric.ENQUEUED, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
    return jobs.series(since1970.eachKind().kind(kind)).byKind().containsKey(kind);
  }

  private static boolean lists(Jobs jobs, long id) {
    var all = JobFilter.ALL.limit(1_000);
    var answers = new ArrayList<Boolean>();
    for (JobFilter filter :
        List.of(
            all,
            all.state(JobState.FAILED),
            all.kind("kind" + id),
            all.tag("red"),
            all.errorText("broken"),
            all.ids(id),
            all.kinds("kind" + id, "none"),
            all.withoutKinds("none"),
            all.withoutStates(JobState.DONE),
            all.createdFrom(Instant.EPOCH).withoutStates(JobState.READY),
            all.state(JobState.FAILED).kind("kind" + id).tag("red"))) {
      answers.add(jobs.list(filter).jobs().stream().anyMatch(job -> job.id() == id));
    }
    assertEquals(1, Set.copyOf(answers).size(), "all lists agree");
    return answers.getFirst();
  }

  private static boolean putUnderFence(View view, long id) throws IOException {
    for (long fence = 1; fence < 4; fence++) {
      if (view.artifacts().put(id, fence, FILE, bytes(1)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean renews(View view, long id) {
    var renewals =
        Stream.of(1L, 2L, 3L)
            .map(fence ->
                new Leases.Renewal(
                    id,
                    fence,
                    Duration.ofMinutes(9),
                    Optional.of(0.5),
                    Optional.of("mine"),
                    List.of("line")))
            .toList();
    return view.leases().renew(renewals).contains(Leases.Renewed.HELD);
  }

  private static boolean acknowledges(View view, long id) {
    var end = new Leases.End.Done(Optional.empty(), List.of());
    var acks = Stream.of(1L, 2L, 3L).map(fence -> new Leases.Ack(id, fence, end)).toList();
    return view.leases().ack(acks).stream()
        .anyMatch(acked -> acked.status() == Leases.Status.OK || acked.state().isPresent());
  }

  /// A job of an owner that has failed, with a log, a tag and an artifact.
  private long job(Quern quern, String owner, boolean running) throws IOException {
    var draft = NewJob.json("draft", "1");
    long next = quern.enqueue(draft).id() + 1;
    var job = NewJob.json("kind" + next, "\"secret of " + owner + "\"").tags("red").maxAttempts(1);
    long id = owner.isEmpty() ? quern.enqueue(job).id() : quern.tenant(owner).enqueue(job).id();
    assertEquals(next, id);
    var lease = quern.claim(ClaimRequest.of("kind" + id)).getFirst();
    lease.attach(NewArtifact.of("log", "text/plain"), bytes(10)).orElseThrow();
    if (!running) {
      lease.fail(new Failure(FailureClass.TRANSIENT, "broken", "broken"));
    }
    return id;
  }

  private static View view(Quern quern, String id) {
    quern.access().tenants().create(id, policy -> policy);
    var tenancy = quern.tenant(id);
    return new View(id, tenancy.jobs(), tenancy.artifacts(), tenancy.leases(), tenancy);
  }

  @Test
  void no_method_lets_a_tenant_reach_the_job_of_another() throws Exception {
    var quern = store.manual();
    var operator = new View("operator", quern.jobs(), quern.artifacts(), quern.leases(), null);
    for (View view : List.of(view(quern, "acme"), view(quern, "other"), operator)) {
      for (String probe : PROBES.keySet()) {
        assertEquals(List.of(), faults(quern, view, probe));
      }
    }
  }

  @Test
  void a_view_that_forgets_its_tenant_would_be_found_out_by_every_method() throws Exception {
    var quern = store.manual();
    var acme = view(quern, "acme");
    view(quern, "other");
    var leaks = new View("acme", quern.jobs(), quern.artifacts(), quern.leases(), acme.tenancy());
    for (String probe : PROBES.keySet()) {
      assertEquals(2, faults(quern, leaks, probe).size(), probe);
    }
  }

  /// The jobs that a method should reach and does not, or reaches and should not.
  private List<String> faults(Quern quern, View view, String probe) throws Exception {
    var faults = new ArrayList<String>();
    for (String owner : OWNERS) {
      long id = job(quern, owner, probe.contains("fence") || probe.startsWith("Leases"));
      log(id);
      if (probe.equals("Jobs.change")) {
        quern.jobs().requeue(id);
      }
      seen = quern.jobs().get(id).orElseThrow();
      var before = state(id);
      boolean reached = PROBES.get(probe).reaches(view, id);
      boolean changed = !before.equals(state(id));
      if (reached != view.sees(owner) || changed && !view.sees(owner)) {
        faults.add(probe + " by " + view.name() + " on a job of \"" + owner + "\"");
      }
    }
    return faults;
  }

  private void log(long id) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "insert into quern_log (job_id, fence, sequence, at, text) values ("
              + id
              + ", 1, 0, 0, 'x')");
    }
  }

  /// All that another could have changed of a job.
  private String state(long id) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select state || fence || priority || requeues || coalesce(note, '') || coalesce(lease_until, '') || (select count(*) from"
                    + " quern_artifact where job_id = id) from quern_job where id = "
                    + id)) {
      return rows.next() ? rows.getString(1) : "gone";
    }
  }

  @Test
  void every_method_by_which_a_tenant_can_reach_a_job_is_looked_at() {
    var methods = new TreeSet<String>();
    Stream.of(Jobs.class, Artifacts.class, Leases.class)
        .forEach(type ->
            Arrays.stream(type.getDeclaredMethods())
                .collect(Collectors.groupingBy(Method::getName, Collectors.counting()))
                .forEach((name, overloads) -> {
                  var key = type.getSimpleName() + "." + name;
                  var probes = METHODS.getOrDefault(key, Set.of(key));
                  assertEquals(overloads, probes.size(), key + " has another overload");
                  methods.addAll(probes);
                }));

    assertEquals(methods, new TreeSet<>(PROBES.keySet()));
    assertEquals(
        new TreeSet<>(OF_TENANCY),
        Arrays.stream(Tenancy.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void what_a_tenant_can_read_never_holds_the_text_of_another() throws Exception {
    var quern = store.manual();
    quern.access().tenants().create("acme", policy -> policy);
    quern.access().tenants().create("other", policy -> policy);
    for (String owner : OWNERS) {
      job(quern, owner, false);
    }
    var acme = quern.tenant("acme");
    var told = acme.jobs().list(JobFilter.ALL).toString() + acme.jobs().counts() + acme.kinds();

    assertTrue(told.contains("secret of acme"), told);
    assertTrue(!told.contains("other") && !told.contains("draft"), told);
  }
}
