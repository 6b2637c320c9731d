package dev.quern;

import java.util.List;
import java.util.function.UnaryOperator;

/// The kinds of jobs and what holds for each, kept in the store. Safe for use by several threads.
public sealed interface Kinds permits dev.quern.core.KindDesk {

  /// Changes the policy of a kind; an unknown kind starts with [KindPolicy#DEFAULT]. Writes only
  /// when something changes, so it may be called at every start.
  KindPolicy policy(String kind, UnaryOperator<KindPolicy> change);

  /// Stops claims of a kind, in every process, until [#resume]; running jobs go on.
  void pause(String kind, String reason);

  /// Lets a paused kind be claimed again.
  void resume(String kind);

  /// Every kind that has a policy, a pause or a job, by name.
  List<KindStatus> list();

  /// One kind.
  KindStatus get(String kind);

  /// Deletes all jobs of retired kinds that are not running, in small batches.
  ///
  /// @return how many
  long purgeRetired();
}
