package dev.quern.http;

import dev.quern.Job;
import dev.quern.Jobs;
import dev.quern.json.JsonWriter;
import dev.quern.wire.JobJson;
import dev.quern.wire.Members;
import java.util.Optional;
import java.util.Set;

/// What a client wants to see of a job.
///
/// @param fields these of its members, and its id
/// @param include what else, besides
record JobShape(Set<String> fields, Set<String> include) {
  private static final Set<String> INCLUDABLE = Set.of("attempts", "logs");

  /// As the parameter `fields` says.
  static JobShape of(Query query) {
    return new JobShape(query.names("fields", JobJson.MEMBERS).orElse(JobJson.MEMBERS), Set.of());
  }

  /// As the parameter `include` says, too.
  JobShape including(Query query) {
    return new JobShape(fields, query.names("include", INCLUDABLE).orElse(Set.of()));
  }

  private boolean shows(String member) {
    return member.equals("id") || fields.contains(member);
  }

  /// What is shown besides, as JSON; empty if nothing is.
  Optional<String> included(Job job, Jobs jobs) {
    if (include.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    JsonWriter json = new JsonWriter(text).beginObject();
    new Members(json, include::contains)
        .with("attempts", to -> Answer.list(to, jobs.attempts(job.id()), JobJson::write))
        .with("logs", to -> Answer.list(to, jobs.log(job.id()), JobJson::write));
    json.endObject();
    return Optional.of(text.toString());
  }

  /// A job as one object.
  ///
  /// @param included what is shown besides
  void write(JsonWriter json, Job job, Optional<String> included) {
    json.beginObject();
    JobJson.members(new Members(json, this::shows), job);
    included.ifPresent(text -> json.name("included").json(text));
    json.endObject();
  }
}
