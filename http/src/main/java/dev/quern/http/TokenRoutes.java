package dev.quern.http;

import dev.quern.IssuedToken;
import dev.quern.NewToken;
import dev.quern.Permission;
import dev.quern.Quern;
import dev.quern.Token;
import dev.quern.Tokens;
import dev.quern.wire.AccessJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tokens: issued, listed, revoked. A tenant's administrator has to do with the tenant's alone.
final class TokenRoutes {
  private final Quern quern;
  private final Tokens tokens;

  TokenRoutes(Quern quern) {
    this.quern = quern;
    this.tokens = quern.access().tokens();
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/tokens", this::list),
        Route.post("/v1/tokens", Route.Body.JSON, this::issue),
        Route.get("/v1/tokens/{token}", this::get),
        Route.delete("/v1/tokens/{token}", this::revoke),
        Route.get("/v1/whoami", this::whoami).needing());
  }

  private Answer list(Call call) {
    call.query().end();
    List<Token> seen = tokens.list().stream().filter(token -> sees(call, token)).toList();
    return Answer.list(seen, AccessJson::write);
  }

  private static boolean sees(Call call, Token token) {
    return call.caller().seesAll() || token.tenant().equals(call.view().tenant());
  }

  private Answer issue(Call call) {
    call.query().end();
    Fields fields = call.fields();
    String name = fields.required("name", fields.text("name"));
    Set<Permission> permissions = permissions(fields);
    Optional<String> tenant = tenant(call, fields);
    Optional<Instant> expiresAt = expiry(fields);
    fields.end();
    IssuedToken issued =
        Problem.checked("", () -> tokens.issue(new NewToken(name, permissions, tenant, expiresAt)));
    return Answer.json(201, json -> AccessJson.write(json, issued))
        .with("Location", "/v1/tokens/" + issued.token().id());
  }

  private static Set<Permission> permissions(Fields fields) {
    List<String> labels = fields.required("permissions", fields.texts("permissions"));
    return fields.checked(
        "permissions", () -> labels.stream().map(Permission::of).collect(Collectors.toSet()));
  }

  private static Optional<String> tenant(Call call, Fields fields) {
    Optional<String> asked = fields.text("tenant");
    if (call.caller().seesAll() || asked.isEmpty() || asked.equals(call.view().tenant())) {
      return call.caller().seesAll() ? asked : call.view().tenant();
    }
    throw Problem.at("/tenant", "tokens can be issued for your own tenant alone");
  }

  private Optional<Instant> expiry(Fields fields) {
    Optional<Instant> at = fields.instant("expiresAt");
    Optional<Duration> in = fields.seconds("expiresInSeconds");
    if (at.isPresent() && in.isPresent()) {
      throw Problem.at("/expiresAt", "either expiresAt or expiresInSeconds, not both");
    }
    return in.map(Instant.now()::plus).or(() -> at);
  }

  private Token existing(Call call) {
    call.query().end();
    return tokens
        .get(call.name("token"))
        .filter(token -> sees(call, token))
        .orElseThrow(() -> Problem.of(Fault.NOT_FOUND, "there is no such token"));
  }

  private Answer get(Call call) {
    Token token = existing(call);
    return Answer.json(json -> AccessJson.write(json, token));
  }

  /// To revoke twice is fine.
  private Answer revoke(Call call) {
    tokens.revoke(existing(call).id());
    return Answer.NO_CONTENT;
  }

  /// What a caller may do, and what its tenant may use.
  private Answer whoami(Call call) {
    call.query().end();
    Caller caller = call.caller();
    return Answer.json(json -> {
      json.beginObject();
      AccessJson.permissions(json, caller.permissions());
      json.name("token");
      caller.token().ifPresentOrElse(token -> AccessJson.write(json, token), json::nullValue);
      json.name("tenant");
      caller
          .view()
          .tenant()
          .flatMap(quern.access().tenants()::get)
          .ifPresentOrElse(
              tenant -> AccessJson.write(json, tenant, quern.access().tenants().usage(tenant.id())),
              json::nullValue);
      json.endObject();
    });
  }
}
