package dev.quern.http;

import dev.quern.Quern;
import dev.quern.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tells who calls: by a token of the store, by the operator's own, or, where none is needed, by
/// nothing. Safe for use by several threads.
final class Callers {
  /// What stands before a token. With none behind it, as clients send it that were given none, it
  /// is the same as no header.
  private static final String SCHEME = "Bearer";

  private final Quern quern;
  private final Optional<byte[]> shared;
  private final boolean required;
  private final View all;
  private final Map<String, View> tenants = new ConcurrentHashMap<>();

  Callers(Quern quern, ServerConfig config) {
    this.quern = quern;
    this.shared = config.token().map(Callers::hash);
    this.required = config.tokenRequired();
    this.all = View.of(quern);
  }

  /// Who calls.
  ///
  /// @param authorization the header `Authorization`
  /// @param tenant the header `Quern-Tenant`, by which who sees all looks through the eyes of one
  /// @throws Problem if nobody may call so
  Caller identify(Optional<String> authorization, Optional<String> tenant) {
    String shown = shown(authorization);
    boolean nothing = authorization.isEmpty() || shown.isEmpty() && bears(authorization.get());
    Caller caller = nothing && !required ? anyone() : bearer(shown);
    return tenant.isEmpty() || tenant.equals(caller.view().tenant())
        ? caller
        : as(caller, tenant.get());
  }

  /// Who calls what needs no token.
  Caller anyone() {
    return Caller.operator(all);
  }

  private static String shown(Optional<String> authorization) {
    return authorization
        .filter(Callers::bears)
        .map(value -> value.strip().substring(SCHEME.length()).strip())
        .orElse("");
  }

  private static boolean bears(String value) {
    String stripped = value.strip();
    return stripped.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (stripped.length() == SCHEME.length() || stripped.charAt(SCHEME.length()) == ' ');
  }

  /// The operator's token is compared by its hash, in constant time.
  private Caller bearer(String text) {
    if (shared.filter(right -> MessageDigest.isEqual(right, hash(text))).isPresent()) {
      return Caller.operator(all);
    }
    Token token =
        quern
            .access()
            .tokens()
            .check(text)
            .orElseThrow(() ->
                Problem.of(
                    Fault.UNAUTHORIZED,
                    "send a valid token in the header 'Authorization: Bearer TOKEN'"));
    return Caller.bearer(token, token.tenant().map(this::tenant).orElse(all));
  }

  /// A tenant once created is there for good.
  private View tenant(String id) {
    return tenants.computeIfAbsent(id, known -> View.of(quern.tenant(known)));
  }

  private Caller as(Caller caller, String tenant) {
    if (!caller.seesAll()) {
      throw noTenant(tenant);
    }
    try {
      return new Caller(caller.permissions(), tenant(tenant), caller.token());
    } catch (IllegalArgumentException _) {
      throw noTenant(tenant);
    }
  }

  private static Problem noTenant(String id) {
    return Problem.of(Fault.NOT_FOUND, "there is no tenant \"%s\"".formatted(id));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
