package dev.quern.worker;

import dev.quern.Directive;
import dev.quern.Health;
import dev.quern.Job;
import dev.quern.Worker;
import dev.quern.WorkerReport;
import dev.quern.Workers;
import dev.quern.core.Core;
import dev.quern.core.HealthDesk;
import dev.quern.core.Scope;
import dev.quern.store.Step;
import dev.quern.store.Tx;
import dev.quern.worker.WorkerTable.Key;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The workers of a store, or those of one tenant.
public final class WorkerRoom implements Workers {
  /// A worker is lost when three signs of it, one every ten seconds, have not come.
  private static final Duration LOST = Duration.ofSeconds(30);

  /// The room that a report takes in a batch, about.
  private static final int BYTES = 300;

  private final Core core;
  private final Scope scope;
  private final Roll roll;
  private final Reporting reporting;

  private WorkerRoom(Core core, Scope scope, Roll roll, Reporting reporting) {
    this.core = core;
    this.scope = scope;
    this.roll = roll;
    this.reporting = reporting;
  }

  /// The workers of the store of an engine, which does as it is told itself.
  public static WorkerRoom of(Core core) {
    Roll roll = new Roll();
    core.chore(new Obeying(core, roll));
    WorkerRoom room = new WorkerRoom(core, Scope.ALL, roll, new Reporting());
    core.elsewhere(room::serving);
    return room;
  }

  /// The same as one tenant sees it: without engines, which work for all.
  public WorkerRoom within(Scope tenant) {
    return new WorkerRoom(core, tenant, roll, reporting);
  }

  // ---- what they tell

  /// What is to be written of a worker.
  private record Sign(Key key, WorkerReport report, long now) {}

  private static final class Reporting implements Step<Sign, Boolean> {
    @Override
    public Phase phase() {
      return Phase.OTHER;
    }

    @Override
    public List<Boolean> apply(Tx tx, List<Sign> members) throws SQLException {
      for (Sign sign : members) {
        long silence = Math.max(sign.report().silence().toMillis(), Roll.WRITE_MILLIS);
        WorkerTable.put(tx, sign.key(), sign.report(), sign.now(), sign.now() + silence);
      }
      return Collections.nCopies(members.size(), true);
    }
  }

  @Override
  public Directive report(WorkerReport report) {
    Key key = key(report.name());
    long now = core.store().clock().millis();
    roll.heard(key, report, now).ifPresent(whole -> send(new Sign(key, whole, now)));
    return roll.directive(key);
  }

  private void send(Sign sign) {
    core.store().writer().send(reporting, sign, 1, BYTES, (_, _) -> {});
  }

  @Override
  public Directive seen(String name, Duration silence) {
    return roll.last(key(name))
        .map(last ->
            new WorkerReport(name, last.kinds(), last.capabilities(), last.about(), silence))
        .map(this::report)
        .orElseGet(() -> roll.directive(key(name)));
  }

  private Key key(String name) {
    return new Key(scope.tenant().orElse(""), name);
  }

  // ---- who they are

  @Override
  public List<Worker> list() {
    List<Worker> all = new ArrayList<>();
    if (scope.tenant().isEmpty()) {
      new HealthDesk(core)
          .engines().stream()
              .map(this::worker)
              .filter(worker -> !worker.kinds().isEmpty())
              .forEach(all::add);
    }
    all.addAll(core.store().readers().read(this::elsewhere));
    return all;
  }

  private List<Worker> elsewhere(Tx tx) throws SQLException {
    return WorkerTable.elsewhere(tx, scope, core.store().clock().millis() - LOST.toMillis());
  }

  private List<Set<String>> serving(Tx tx, Job job) throws SQLException {
    return elsewhere(tx).stream()
        .filter(worker -> !worker.lost() && worker.directive() == Directive.RUN)
        .filter(worker -> worker.kinds().contains(job.kind()))
        .filter(worker -> worker.tenant().isEmpty() || worker.tenant().equals(job.tenant()))
        .map(Worker::capabilities)
        .toList();
  }

  private Worker worker(Health.Engine engine) {
    String id = Obeying.name(engine.owner());
    return new Worker(
        id,
        Optional.empty(),
        true,
        engine.kinds(),
        engine.capabilities(),
        new Worker.About(
            Optional.of(engine.host()),
            Optional.of(engine.pid()),
            Optional.empty(),
            Optional.of(engine.slots())),
        engine.startedAt(),
        Optional.empty(),
        !engine.alive(),
        roll.directive(new Key("", id)));
  }

  @Override
  public Optional<Worker> get(String id) {
    return list().stream().filter(worker -> worker.id().equals(id)).findFirst();
  }

  // ---- what they are to do

  @Override
  public Optional<Worker> direct(String id, Directive directive) {
    Optional<Worker> worker = get(id);
    worker.ifPresent(known -> direct(new Key(known.tenant().orElse(""), id), directive));
    return worker.flatMap(_ -> get(id));
  }

  private void direct(Key key, Directive directive) {
    core.store()
        .writer()
        .write(tx -> {
          WorkerTable.direct(tx, key, core.store().clock().millis(), directive);
          return true;
        });
    roll.direct(key, directive);
    if (key.equals(Obeying.key(core))) {
      core.quiet(directive != Directive.RUN);
    }
  }
}
