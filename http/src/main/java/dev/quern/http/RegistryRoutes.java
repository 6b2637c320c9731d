package dev.quern.http;

import dev.quern.Directive;
import dev.quern.Permission;
import dev.quern.Worker;
import dev.quern.wire.WorkerJson;
import java.util.List;
import java.util.Optional;

/// Who works on the jobs, and what they are told to do.
final class RegistryRoutes {
  private static final String ONE = "/v1/workers/{worker}";

  List<Route> routes() {
    return List.of(
        Route.get("/v1/workers", this::list).needing(Permission.JOBS_READ),
        Route.get(ONE, this::get).needing(Permission.JOBS_READ),
        Route.post(ONE + ":run", Route.Body.PERHAPS, call -> direct(call, Directive.RUN)),
        Route.post(ONE + ":quiet", Route.Body.PERHAPS, call -> direct(call, Directive.QUIET)),
        Route.post(ONE + ":stop", Route.Body.PERHAPS, call -> direct(call, Directive.STOP)));
  }

  private Answer list(Call call) {
    call.query().end();
    List<Worker> workers = call.view().workers().list();
    return Answer.list(workers, WorkerJson::write);
  }

  private Answer get(Call call) {
    call.query().end();
    return shown(call.view().workers().get(call.name("worker")));
  }

  private Answer direct(Call call, Directive directive) {
    call.query().end();
    call.fields().end();
    return shown(call.view().workers().direct(call.name("worker"), directive));
  }

  private static Answer shown(Optional<Worker> worker) {
    Worker found = worker.orElseThrow(() -> Problem.of(Fault.NOT_FOUND, "there is no such worker"));
    return Answer.json(json -> WorkerJson.write(json, found));
  }
}
