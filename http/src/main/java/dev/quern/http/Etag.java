package dev.quern.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// The version of a thing: it changes when anything that is shown of it does.
///
/// @param value as it stands in headers, in quotes
record Etag(String value) {
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
  private static final int BYTES = 12;

  /// The version of what is shown.
  static Etag of(String shown) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(shown.getBytes(StandardCharsets.UTF_8));
      return new Etag('"' + HexFormat.of().formatHex(hash, 0, BYTES) + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Whether a header `If-Match` or `If-None-Match` names it.
  boolean in(Optional<String> header) {
    return header.isPresent()
        && COMMA
            .splitAsStream(header.get().strip())
            .anyMatch(tag -> tag.equals("*") || tag.equals(value));
  }
}
