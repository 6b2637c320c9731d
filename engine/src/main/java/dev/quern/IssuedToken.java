package dev.quern;

/// A token that has just been issued, with its text, which is shown this once: the store keeps no
/// more than a digest.
///
/// @param text `quern_`, the id, the secret and a checksum; what the bearer shows
/// @param token all that can be known of it later
public record IssuedToken(String text, Token token) {
  /// Without the secret, so that it is in no log by accident.
  @Override
  public String toString() {
    return "IssuedToken[" + token + "]";
  }
}
