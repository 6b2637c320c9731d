package dev.quern.http;

import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobState;
import dev.quern.Leases.Ack;
import dev.quern.Leases.Acked;
import dev.quern.Leases.End;
import dev.quern.Leases.Status;
import dev.quern.NewJob;
import dev.quern.json.JsonWriter;
import dev.quern.wire.Members;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The end of an attempt, as a worker tells of it, and what became of that.
final class Acknowledged {
  private static final String OUTCOMES = "done, failed, deferred, released or cancelled";

  private final String id;
  private final Optional<Ack> ack;
  private Acked acked = new Acked(Status.LOST, Optional.empty());

  private Acknowledged(String id, Optional<Ack> ack) {
    this.id = id;
    this.ack = ack;
  }

  /// Reads one, of whoever has the view.
  ///
  /// @throws Problem if it makes no sense
  static Acknowledged read(View view, Fields fields) {
    String id = fields.required("id", fields.text("id"));
    Optional<LeaseToken> token =
        LeaseToken.read(id, fields.required("lease", fields.text("lease")));
    End end = end(view, fields);
    fields.end();
    return new Acknowledged(id, token.map(held -> new Ack(held.jobId(), held.fence(), end)));
  }

  private static End end(View view, Fields fields) {
    String outcome = fields.required("outcome", fields.text("outcome"));
    return switch (outcome) {
      case "done" -> done(view, fields);
      case "failed" -> failed(fields);
      case "deferred" -> deferred(fields);
      case "released", "cancelled" -> new End.Released();
      default -> throw Problem.at(fields.pointer() + "/outcome", "must be " + OUTCOMES);
    };
  }

  private static End done(View view, Fields fields) {
    Optional<String> result = fields.json("result");
    List<NewJob> followUps =
        fields.objects("enqueue").orElse(List.of()).stream()
            .map(job -> JobInput.read(view, job))
            .toList();
    return new End.Done(result, followUps);
  }

  private static End failed(Fields fields) {
    Failure failure = failure(fields.required("failure", fields.object("failure")));
    Optional<Duration> retryAfter = fields.seconds("retryAfterSeconds");
    return fields.checked("retryAfterSeconds", () -> new End.Failed(failure, retryAfter));
  }

  private static Failure failure(Fields fields) {
    String label = fields.text("class").orElse(FailureClass.TRANSIENT.label());
    FailureClass failureClass = fields.checked("class", () -> FailureClass.of(label));
    String code = fields.text("code").orElse("failed");
    String message = fields.text("message").orElse("");
    String trace = fields.text("trace").orElse("");
    fields.end();
    return new Failure(failureClass, code, message, trace);
  }

  private static End deferred(Fields fields) {
    Duration delay = fields.required("delaySeconds", fields.seconds("delaySeconds"));
    String note = fields.text("note").orElse("");
    return fields.checked("delaySeconds", () -> new End.Deferred(delay, note));
  }

  /// What is to be recorded; empty if its token is none.
  Optional<Ack> ack() {
    return ack;
  }

  /// Takes note of what became of it.
  void answer(Acked answer) {
    acked = answer;
  }

  void write(JsonWriter json) {
    json.beginObject();
    new Members(json)
        .text("id", id)
        .text(
            "status",
            switch (acked.status()) {
              case OK -> "ok";
              case ALREADY_SETTLED -> "alreadySettled";
              case LOST -> "lost";
            })
        .text("state", acked.state().map(JobState::label));
    json.endObject();
  }
}
