package dev.quern.http;

import dev.quern.Job;
import dev.quern.NewJob;
import java.util.List;
import java.util.Optional;

/// New jobs as they come in.
final class JobInput {
  private JobInput() {}

  /// Reads a new job, of whoever has the view.
  ///
  /// @throws Problem if it makes no sense
  static NewJob read(View view, Fields fields) {
    String kind = fields.required("kind", fields.text("kind"));
    String payload = fields.json("payload").orElse("{}");
    NewJob job = details(view, fields.checked("kind", () -> NewJob.json(kind, payload)), fields);
    fields.end();
    return job;
  }

  /// Reads what is to be different in a copy of a job. A copy has no dedupe key unless it is given
  /// one.
  ///
  /// @throws Problem if it makes no sense
  static NewJob copy(View view, Job old, Fields fields) {
    String kind = fields.text("kind").orElse(old.kind());
    String payload = fields.json("payload").orElse(old.payload());
    NewJob job = fields.checked("kind", () -> NewJob.json(kind, payload));
    job = job.priority(old.priority()).tags(array(old.tags())).requires(array(old.requires()));
    job = with(job, old.affinityKey(), NewJob::affinityKey);
    job = details(view, with(job, old.maxAttempts(), NewJob::maxAttempts), fields);
    fields.end();
    return job;
  }

  private static NewJob details(View view, NewJob plain, Fields fields) {
    NewJob job = times(plain, fields);
    job = with(job, fields, "priority", fields.whole("priority"), NewJob::priority);
    job = with(job, fields, "dedupeKey", fields.text("dedupeKey"), NewJob::dedupeKey);
    job = with(job, fields, "affinityKey", fields.text("affinityKey"), NewJob::affinityKey);
    job = with(job, fields, "maxAttempts", fields.whole("maxAttempts"), NewJob::maxAttempts);
    job = with(job, fields, "webhook", fields.text("webhook"), (j, url) -> told(view, j, url));
    job = with(job, fields, "requires", array(fields, "requires"), NewJob::requires);
    return with(job, fields, "tags", array(fields, "tags"), NewJob::tags);
  }

  /// The engine would refuse the URL too, but could not say which member it was.
  private static NewJob told(View view, NewJob job, String url) {
    view.webhooks().check(url);
    return job.webhook(url);
  }

  private static NewJob times(NewJob plain, Fields fields) {
    var delay = fields.seconds("delaySeconds");
    var at = fields.instant("availableAt");
    if (delay.isPresent() && at.isPresent()) {
      throw Problem.at(
          fields.pointer() + "/delaySeconds", "either delaySeconds or availableAt, not both");
    }
    NewJob job = with(plain, fields, "delaySeconds", delay, NewJob::delay);
    return with(job, fields, "availableAt", at, NewJob::at);
  }

  private interface Touch<T> {
    NewJob on(NewJob job, T value);
  }

  private static <T> NewJob with(NewJob job, Optional<T> value, Touch<T> touch) {
    return value.map(present -> touch.on(job, present)).orElse(job);
  }

  private static <T> NewJob with(
      NewJob job, Fields fields, String name, Optional<T> value, Touch<T> touch) {
    return value.isEmpty() ? job : fields.checked(name, () -> touch.on(job, value.get()));
  }

  private static Optional<String[]> array(Fields fields, String name) {
    return fields.texts(name).map(JobInput::array);
  }

  private static String[] array(List<String> names) {
    return names.toArray(String[]::new);
  }
}
