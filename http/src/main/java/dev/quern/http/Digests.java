package dev.quern.http;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The header `Content-Digest` (RFC 9530), as far as it tells a SHA-256.
final class Digests {
  private static final Pattern SHA_256 =
      Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/]{43}=):\\s*(?:,|$)");

  private Digests() {}

  /// What a body must be, in hex; empty if nobody says.
  ///
  /// @throws Problem if it is said in a way that is not understood
  static Optional<String> asked(Optional<String> header) {
    return header.map(value -> {
      Matcher digest = SHA_256.matcher(value);
      if (!digest.find()) {
        throw Problem.closing(
            Fault.VALIDATION, "Content-Digest: only 'sha-256=:BASE64:' is understood");
      }
      return HexFormat.of().formatHex(Base64.getDecoder().decode(digest.group(1)));
    });
  }

  /// The header of a content.
  ///
  /// @param sha256 in hex
  static String header(String sha256) {
    return "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256)) + ":";
  }
}
