package dev.quern.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is kept of an HTTP/1.1 answer.
///
/// @param status its status, 200 to 999
/// @param retryAfter the header of that name
record Answer(int status, Optional<String> retryAfter) {
  /// How many bytes of an answer are read, its body included.
  static final int LIMIT = 64 << 10;

  private static final int INTERIM_LIMIT = 200;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})(?: .*)?");
  private static final Pattern RETRY_AFTER = Pattern.compile("(?i)retry-after:[ \t]*(.*?)[ \t]*");

  boolean taken() {
    return status >= 200 && status < 300;
  }

  /// Reads the head of an answer, and those of interim answers before it; not the body.
  static Answer read(InputStream in) throws IOException {
    Lines lines = new Lines(in);
    Answer answer = head(lines);
    while (answer.status < INTERIM_LIMIT) {
      answer = head(lines);
    }
    return answer;
  }

  private static Answer head(Lines lines) throws IOException {
    Matcher status = STATUS.matcher(lines.next());
    if (!status.matches()) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    Optional<String> retryAfter = Optional.empty();
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      Matcher found = RETRY_AFTER.matcher(line);
      retryAfter = found.matches() ? Optional.of(found.group(1)) : retryAfter;
    }
    return new Answer(Integer.parseInt(status.group(1)), retryAfter);
  }

  /// The lines of a head.
  private static final class Lines {
    private final InputStream in;
    private int left = LIMIT;

    Lines(InputStream in) {
      this.in = in;
    }

    String next() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = octet(); c != '\n'; c = octet()) {
        line.append((char) c);
      }
      int end = line.length() - 1;
      return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    private int octet() throws IOException {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("the connection was closed before there was an answer");
      }
      if (left-- == 0) {
        throw new IOException("the head of the answer has more than %,d bytes".formatted(LIMIT));
      }
      return octet;
    }
  }

  /// Its bytes as they are written: for the head of a request.
  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
