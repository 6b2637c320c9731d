package dev.quern.http;

import dev.quern.Permission;
import dev.quern.Token;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Who calls.
///
/// @param permissions what it may do
/// @param view what it sees
/// @param token what it showed; empty if that is the operator's, or nothing
record Caller(Set<Permission> permissions, View view, Optional<Token> token) {

  /// Whoever may do everything with what it sees.
  static Caller operator(View view) {
    return new Caller(Set.of(Permission.ADMIN), view, Optional.empty());
  }

  /// The bearer of a token.
  static Caller bearer(Token token, View view) {
    return new Caller(token.permissions(), view, Optional.of(token));
  }

  /// Whether it may do something for which one of these is enough; everybody may what needs none.
  boolean may(Collection<Permission> anyOf) {
    return anyOf.isEmpty()
        || permissions.contains(Permission.ADMIN)
        || anyOf.stream().anyMatch(permissions::contains);
  }

  /// Whether it sees the whole store.
  boolean seesAll() {
    return view.tenant().isEmpty();
  }
}
