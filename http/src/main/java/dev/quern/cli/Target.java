package dev.quern.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A path on a server with its parameters, encoded.
record Target(String text) {

  /// With one more part of the path.
  Target part(String part) {
    return new Target(text + "/" + encoded(part));
  }

  /// With a parameter, if it has a value.
  Target with(String name, Optional<?> value) {
    return value
        .map(present ->
            new Target(
                text + (text.indexOf('?') < 0 ? "?" : "&") + name + "=" + encoded("" + present)))
        .orElse(this);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text;
  }
}
