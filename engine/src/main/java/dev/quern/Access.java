package dev.quern;

/// Who may do what: tenants that share a store and see nothing of each other, and the tokens by
/// which callers from outside are known. Safe for use by several threads.
public sealed interface Access permits dev.quern.access.AccessRoom {

  /// The tenants.
  Tenants tenants();

  /// The tokens.
  Tokens tokens();
}
