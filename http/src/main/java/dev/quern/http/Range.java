package dev.quern.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of a content, as the header `Range` asks for (RFC 9110). Where it asks for several parts,
/// or for none that is understood, the whole is sent, as is allowed.
///
/// @param from the first byte
/// @param length how many
/// @param size of the whole
/// @param whole whether it is all
record Range(long from, long length, long size, boolean whole) {
  private static final Pattern BYTES = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /// The part that is asked for.
  ///
  /// @throws Problem if there is no such part
  static Range of(Optional<String> header, long size) {
    return header
        .map(BYTES::matcher)
        .filter(Matcher::matches)
        .filter(ends -> !ends.group(1).isEmpty() || !ends.group(2).isEmpty())
        .map(ends -> part(ends.group(1), ends.group(2), size))
        .orElseGet(() -> new Range(0, size, size, true));
  }

  private static Range part(String first, String last, long size) {
    long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
    long end =
        first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
    if (from >= size || end < from) {
      throw Problem.of(Fault.RANGE, "there are %,d bytes".formatted(size));
    }
    return new Range(from, end - from + 1, size, false);
  }

  /// The header `Content-Range` of the answer.
  String header() {
    return "bytes %d-%d/%d".formatted(from, from + length - 1, size);
  }
}
