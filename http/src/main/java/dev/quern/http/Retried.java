package dev.quern.http;

import dev.quern.Enqueued;
import dev.quern.EnqueuedOnce;
import dev.quern.NewJob;
import dev.quern.RequestKey;
import java.util.List;
import java.util.Optional;

/// Jobs that are enqueued by a request, which may come again under the same `Idempotency-Key` and
/// then has the same answer.
///
/// @param jobs what was answered, now or the first time
/// @param replayed whether nothing was done now
record Retried(List<Enqueued> jobs, boolean replayed) {

  /// Enqueues what a request asks for.
  ///
  /// @throws Problem if the jobs make no sense, or another request had the key
  static Retried enqueue(Call call, String pointer, List<NewJob> jobs) {
    Optional<String> key = call.header("Idempotency-Key");
    return key.isEmpty()
        ? new Retried(Problem.checked(pointer, () -> call.view().enqueueAll(jobs)), false)
        : once(call, pointer, key.get(), jobs);
  }

  private static Retried once(Call call, String pointer, String key, List<NewJob> jobs) {
    String fingerprint = Etag.of(call.names() + call.body()).value();
    RequestKey request = Problem.checked("Idempotency-Key", () -> new RequestKey(key, fingerprint));
    EnqueuedOnce once = Problem.checked(pointer, () -> call.view().enqueueOnce(request, jobs));
    if (once.status() == EnqueuedOnce.Status.KEY_REUSED) {
      throw Problem.of(
          Fault.IDEMPOTENCY_KEY_REUSED, "give each request a key of its own; nothing was done");
    }
    return new Retried(once.jobs(), once.status() == EnqueuedOnce.Status.REPLAYED);
  }

  /// Says in an answer that nothing was done now.
  Answer mark(Answer answer) {
    return replayed ? answer.with("Idempotency-Replayed", "true") : answer;
  }
}
