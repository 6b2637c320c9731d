package dev.quern.trust;

import static dev.quern.trust.CrewApp.say;

import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.Lease;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/// Claims jobs by hand with short leases, uses the leases in every way, and says what it was
/// answered. Once there is nothing more to come it only completes, and makes haste: in the meantime
/// more jobs came than it took.
///
/// @param quern the engine
/// @param more whether more is to come
record HandWorker(Quern quern, BooleanSupplier more) implements Runnable {
  private static final Duration LEASE = Duration.ofSeconds(1);

  @Override
  public void run() {
    Random random = new Random();
    boolean found = true;
    while (found || more.getAsBoolean()) {
      boolean hurry = !more.getAsBoolean();
      ClaimRequest some = ClaimRequest.of(CrewApp.BY_HAND).lease(LEASE).limit(hurry ? 20 : 3);
      List<Lease> leases = quern.claim(some);
      leases.forEach(lease -> say("held " + lease.jobId() + " " + lease.fence()));
      pause(hurry ? 0 : random.nextInt(400));
      leases.forEach(lease -> work(lease, random.nextInt(hurry ? 2 : 8)));
      found = !leases.isEmpty() || live();
    }
  }

  private boolean live() {
    return quern
        .jobs()
        .counts()
        .byKind()
        .getOrDefault(CrewApp.BY_HAND, java.util.Map.of())
        .entrySet()
        .stream()
        .anyMatch(count -> count.getKey().live() && count.getValue() > 0);
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void work(Lease lease, int way) {
    answered(lease, "renew", lease.renew(LEASE));
    pause(way * 20);
    switch (way) {
      case 0 -> answered(lease, "complete", lease.complete());
      case 1 -> answered(lease, "result", lease.complete("{\"by\":\"hand\"}", List.of()));
      case 2 -> answered(lease, "follow", lease.complete("1", followUp(lease)));
      case 3 -> answered(lease, "fail", lease.fail(failure()));
      case 4 -> answered(lease, "defer", lease.defer(Duration.ofMillis(5), "later"));
      case 5 -> answered(lease, "handBack", lease.handBack());
      default -> say("answer %d %d silence true".formatted(lease.jobId(), lease.fence()));
    }
  }

  private static List<NewJob> followUp(Lease lease) {
    String token = lease.payload().substring(1, lease.payload().length() - 1);
    return List.of(NewJob.of(CrewApp.KIND, "child/" + token + ".done.1"));
  }

  private static Failure failure() {
    return new Failure(FailureClass.TRANSIENT, "no", "not now");
  }

  private static void answered(Lease lease, String word, boolean held) {
    say("answer %d %d %s %s".formatted(lease.jobId(), lease.fence(), word, held));
  }
}
