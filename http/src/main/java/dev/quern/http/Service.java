package dev.quern.http;

import dev.quern.Quern;
import java.util.ArrayList;
import java.util.List;

/// All that the server does, by rooms.
final class Service {
  private final List<Route> routes = new ArrayList<>();

  private final Claiming claiming;
  private final EventRoutes events = new EventRoutes();

  Service(Quern quern, Exchanges exchanges, Meter meter) {
    claiming = new Claiming(meter);
    routes.addAll(new WorkerRoutes(claiming).routes());
    routes.addAll(new JobRoutes().routes());
    routes.addAll(new JobChanges().routes());
    routes.addAll(new JobLook().routes());
    routes.addAll(new ArtifactRoutes().routes());
    routes.addAll(new KindRoutes(quern).routes());
    routes.addAll(new RegistryRoutes().routes());
    routes.addAll(new WebhookRoutes().routes());
    routes.addAll(new TokenRoutes(quern).routes());
    routes.addAll(new TenantRoutes(quern).routes());
    routes.addAll(new StatsRoutes().routes());
    routes.addAll(events.routes());
    routes.addAll(
        new SystemRoutes(quern, exchanges, meter, claiming::waiting, events::streams).routes());
  }

  List<Route> routes() {
    return routes;
  }

  /// The server is about to stop: whoever waits is answered.
  void drain() {
    claiming.drain();
    events.drain();
  }
}
