package dev.quern;

import java.util.List;
import java.util.Optional;

/// The tokens by which callers from outside are known. Safe for use by several threads.
///
/// A text is `quern_<id>_<secret><checksum>`: a secret of 256 random bits, and a CRC-32 by which a
/// mistyped or invented one is refused without a look at the store. The store has the SHA-256 of
/// the secret.
public sealed interface Tokens permits dev.quern.access.TokenDesk {

  /// Issues a token. Its text cannot be had again.
  ///
  /// @throws IllegalArgumentException if there is no such tenant
  IssuedToken issue(NewToken token);

  /// Whose text this is; empty if it is nobody's, expired or revoked. It takes as long to compare a
  /// wrong secret as an unknown one. What another process revoked may be good for one second more.
  Optional<Token> check(String text);

  /// A token by its id.
  Optional<Token> get(String id);

  /// All tokens, the revoked and expired too, by time.
  List<Token> list();

  /// Revokes a token for good.
  ///
  /// @return whether it is revoked by this call
  boolean revoke(String id);
}
