package dev.quern.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/// Tells who calls.
interface Callers {
  /// What stands before a token.
  String SCHEME = "Bearer ";

  /// Who calls, by the value of the header `Authorization`.
  ///
  /// @throws Problem if nobody may call so
  Caller identify(Optional<String> authorization);

  /// Whether a caller must show something: then a web page that is not ours cannot call.
  boolean ask();

  /// Whoever reaches the server may call.
  static Callers anyone() {
    return new Callers() {
      @Override
      public Caller identify(Optional<String> authorization) {
        return Caller.ANYONE;
      }

      @Override
      public boolean ask() {
        return false;
      }
    };
  }

  /// All callers show the same token. They are compared by their hashes, in constant time.
  static Callers sharing(String token) {
    byte[] right = hash(token);
    return new Callers() {
      @Override
      public Caller identify(Optional<String> authorization) {
        if (!MessageDigest.isEqual(right, hash(shown(authorization)))) {
          throw Problem.of(
              Fault.UNAUTHORIZED, "send the token in the header 'Authorization: Bearer TOKEN'");
        }
        return Caller.ANYONE;
      }

      @Override
      public boolean ask() {
        return true;
      }
    };
  }

  private static String shown(Optional<String> authorization) {
    return authorization
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .orElse("");
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
