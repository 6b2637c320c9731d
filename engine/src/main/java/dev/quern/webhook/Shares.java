package dev.quern.webhook;

import dev.quern.KindPolicy;
import dev.quern.core.Core;
import java.time.Duration;
import java.util.Optional;

/// What all webhooks share: the policy of their kind, and the secrets of URLs of single jobs.
final class Shares {
  /// The most deliveries at once in one process, where the operator says nothing else.
  private static final int CONCURRENCY = 16;

  /// Longer than a delivery can take.
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private Shares() {}

  /// Gives deliveries their policy, unless they have one.
  static void limit(Core core) {
    core.policy(
        Informer.KIND,
        policy ->
            policy.equals(KindPolicy.DEFAULT)
                ? policy.concurrency(CONCURRENCY).timeout(TIMEOUT)
                : policy);
  }

  /// What signs the deliveries to URLs of single jobs of a tenant; made if there is none yet.
  static Keys jobKeys(Core core, String tenant) {
    Optional<Keys> known = core.store().readers().read(tx -> SecretTable.find(tx, tenant));
    if (known.isPresent()) {
      return known.get();
    }
    limit(core);
    Keys made = Keys.of(SharedSecret.random());
    return core.store()
        .writer()
        .write(tx -> {
          Optional<Keys> meanwhile = SecretTable.find(tx, tenant);
          return meanwhile.isPresent() ? meanwhile.get() : SecretTable.put(tx, tenant, made);
        });
  }
}
