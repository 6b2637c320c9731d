package dev.quern.core;

import dev.quern.Requeued;
import java.util.ArrayList;
import java.util.List;

/// What a requeue did, page by page.
final class Report {
  private static final int BLOCKED_LIMIT = 100;

  private long requeued;
  private long blockedCount;
  private long unrecoverable;
  private final List<Requeued.Blocked> blocked = new ArrayList<>();

  void requeued() {
    requeued++;
  }

  void blocked(long id, String reason) {
    blockedCount++;
    if (blocked.size() < BLOCKED_LIMIT) {
      blocked.add(new Requeued.Blocked(id, reason));
    }
  }

  void unrecoverable(long jobs) {
    unrecoverable += jobs;
  }

  void add(Requeued page) {
    requeued += page.requeued();
    page.blocked().forEach(each -> blocked(each.id(), each.reason()));
    blockedCount += page.blockedCount() - page.blocked().size();
  }

  Requeued toRequeued() {
    return new Requeued(requeued, List.copyOf(blocked), blockedCount, unrecoverable);
  }
}
