package dev.quern.http;

import dev.quern.Quern;
import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.Tenants;
import dev.quern.wire.AccessJson;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tenants: for operators.
final class TenantRoutes {
  private final Tenants tenants;

  TenantRoutes(Quern quern) {
    this.tenants = quern.access().tenants();
  }

  List<Route> routes() {
    return List.of(
            Route.get("/v1/tenants", this::list),
            Route.post("/v1/tenants", Route.Body.JSON, this::create),
            Route.get("/v1/tenants/{tenant}", this::get),
            Route.put("/v1/tenants/{tenant}", Route.Body.JSON, this::put),
            Route.post(
                "/v1/tenants/{tenant}:suspend", Route.Body.PERHAPS, call -> suspend(call, true)),
            Route.post(
                "/v1/tenants/{tenant}:resume", Route.Body.PERHAPS, call -> suspend(call, false)))
        .stream()
        .map(Route::ofWhole)
        .toList();
  }

  private Answer list(Call call) {
    call.query().end();
    return Answer.list(
        tenants.list(), (json, tenant) -> AccessJson.write(json, tenant, Optional.empty()));
  }

  private Answer create(Call call) {
    call.query().end();
    Fields fields = call.fields();
    String id = fields.required("id", fields.text("id"));
    TenantPolicy policy = policy(fields, id);
    fields.end();
    Tenant created =
        Problem.checked("/id", () -> tenants.create(id, _ -> policy))
            .orElseThrow(() -> Problem.of(Fault.EXISTS, "there is a tenant \"" + id + "\""));
    return Answer.json(201, json -> AccessJson.write(json, created, Optional.empty()))
        .with("Location", "/v1/tenants/" + id);
  }

  /// What is left out has its default.
  private static TenantPolicy policy(Fields fields, String id) {
    String name = fields.text("name").orElse(id);
    Optional<Long> liveJobs = fields.large("liveJobs");
    Optional<Long> payloadBytes = fields.large("payloadBytes");
    boolean suspended = fields.truth("suspended").orElse(false);
    return Problem.checked(
        fields.pointer(), () -> new TenantPolicy(name, liveJobs, payloadBytes, suspended));
  }

  private Answer get(Call call) {
    call.query().end();
    return shown(call.name("tenant"), tenants.get(call.name("tenant")));
  }

  private Answer shown(String id, Optional<Tenant> tenant) {
    Tenant found =
        tenant.orElseThrow(
            () -> Problem.of(Fault.NOT_FOUND, "there is no tenant \"%s\"".formatted(id)));
    return Answer.json(json -> AccessJson.write(json, found, tenants.usage(id)));
  }

  private Answer put(Call call) {
    call.query().end();
    Fields fields = call.fields();
    TenantPolicy policy = policy(fields, call.name("tenant"));
    fields.end();
    return update(call, _ -> policy);
  }

  private Answer suspend(Call call, boolean suspended) {
    call.query().end();
    call.fields().end();
    return update(call, policy -> policy.suspended(suspended));
  }

  private Answer update(Call call, UnaryOperator<TenantPolicy> change) {
    return shown(call.name("tenant"), tenants.update(call.name("tenant"), change));
  }
}
