package dev.quern.cli;

import dev.quern.IssuedToken;
import dev.quern.NewToken;
import dev.quern.Tenant;
import dev.quern.TenantPolicy;
import dev.quern.Token;
import dev.quern.json.JsonWriter;
import dev.quern.wire.AccessJson;
import dev.quern.wire.Members;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The tokens and tenants of a server.
record RemoteGrants(Server server) implements Grants {
  private static final String TOKENS = "/v1/tokens";
  private static final String TENANTS = "/v1/tenants";

  // ---- tokens

  @Override
  public IssuedToken issue(NewToken token, Optional<Duration> lifetime) {
    return server.post(TOKENS, json -> write(json, token, lifetime)).as(GrantReader::issued);
  }

  private static void write(JsonWriter json, NewToken token, Optional<Duration> lifetime) {
    json.beginObject();
    AccessJson.permissions(json, token.permissions());
    new Members(json)
        .text("name", token.name())
        .text("tenant", token.tenant())
        .time("expiresAt", token.expiresAt())
        .seconds("expiresInSeconds", lifetime);
    json.endObject();
  }

  @Override
  public List<Token> tokens() {
    return server.get(TOKENS).as(answer -> answer.objects("data", GrantReader::token));
  }

  @Override
  public boolean revoke(String id) {
    Reply reply = server.delete(new Target(TOKENS).part(id).toString());
    return !reply.missing() && !reply.orThrow().problem();
  }

  // ---- tenants

  @Override
  public Optional<Tenant> create(String id, TenantPolicy policy) {
    Reply reply = server.post(TENANTS, json -> write(json, id, policy));
    return reply.conflict() ? Optional.empty() : Optional.of(reply.as(GrantReader::tenant));
  }

  private static void write(JsonWriter json, String id, TenantPolicy policy) {
    json.beginObject();
    new Members(json)
        .text("id", id)
        .text("name", policy.name())
        .number("liveJobs", policy.liveJobs())
        .number("payloadBytes", policy.payloadBytes())
        .truth("suspended", policy.suspended());
    json.endObject();
  }

  @Override
  public List<Tenant> tenants() {
    return server.get(TENANTS).as(answer -> answer.objects("data", GrantReader::tenant));
  }

  @Override
  public Optional<Used> tenant(String id) {
    return server.get(new Target(TENANTS).part(id).toString()).perhaps(GrantReader::used);
  }

  @Override
  public Optional<Tenant> suspend(String id, boolean suspended) {
    String path = new Target(TENANTS).part(id) + (suspended ? ":suspend" : ":resume");
    return server.post(path, RemoteQueue::nothing).perhaps(GrantReader::tenant);
  }
}
