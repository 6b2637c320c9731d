package dev.quern;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Who works on the jobs of a store: engines with handlers, and workers elsewhere that tell of
/// themselves. To be listed costs them little: an engine writes nothing for it, a worker elsewhere
/// is written when it is new or changes, else every ten seconds at most. Whoever has not been heard
/// of for a day is forgotten. Safe for use by several threads.
public sealed interface Workers permits dev.quern.worker.WorkerRoom {

  /// The most workers elsewhere that an engine keeps count of; more may work.
  int LIMIT = 10_000;

  /// All, engines first.
  List<Worker> list();

  /// A worker by its id.
  Optional<Worker> get(String id);

  /// Takes note of what a worker elsewhere tells of itself. Does not wait until that is written.
  ///
  /// @return what it is to do
  Directive report(WorkerReport report);

  /// Takes note that a worker elsewhere was heard of. One that never told of itself stays unknown.
  ///
  /// @param silence how long nothing may be heard of it from now on
  /// @return what it is to do
  Directive seen(String name, Duration silence);

  /// Tells a worker what to do. Engines obey at once; workers elsewhere learn of it when they ask
  /// for jobs, acknowledge or renew.
  ///
  /// Where workers of several tenants have the same name, whoever sees all names the first of them:
  /// ask through the tenant ([Tenancy#workers]).
  ///
  /// @return the worker; empty if there is none with this id
  Optional<Worker> direct(String id, Directive directive);
}
