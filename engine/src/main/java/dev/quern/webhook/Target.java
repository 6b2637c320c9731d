package dev.quern.webhook;

import dev.quern.NewWebhook;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A URL of a webhook, taken apart by a grammar narrower than that of URLs: what different readers
/// take for different hosts is refused.
///
/// @param tls whether it is `https`
/// @param host a name in lower case, or a literal address without brackets
/// @param literal the address, where the host is one
/// @param port its port
/// @param path path and query, beginning with a slash
record Target(boolean tls, String host, Optional<InetAddress> literal, int port, String path) {
  private static final Pattern URL =
      Pattern.compile(
          "(https?)://(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9.-]{1,253})(?::([0-9]{1,5}))?"
              + "(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(\\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?");

  private static final Pattern USER = Pattern.compile("(?s)[A-Za-z]+://[^/?#]*@.*");

  private static final Pattern NAME =
      Pattern.compile(
          "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?" + "(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

  private static final String NUMBER = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

  private static final Pattern FOUR_NUMBERS =
      Pattern.compile("(?:%s\\.){3}%s".formatted(NUMBER, NUMBER));

  /// Some read such a host as a number, some as a name.
  private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

  /// @throws IllegalArgumentException if it has not the form
  static Target of(String url) {
    if (USER.matcher(url).matches()) {
      throw refused("it names a user: put secrets into the path, or check the signature");
    }
    Matcher parts = URL.matcher(url);
    if (url.length() > NewWebhook.URL_LIMIT || !parts.matches()) {
      throw refused(
          "it must be http(s)://host(:port)(/path)(?query) in ASCII, %,d characters at most"
              .formatted(NewWebhook.URL_LIMIT));
    }
    boolean tls = parts.group(1).equals("https");
    String host = parts.group(2).toLowerCase(Locale.ROOT);
    Optional<InetAddress> literal = literal(host);
    String path = orElse(parts.group(4), "/") + orElse(parts.group(5), "");
    return new Target(tls, bare(host), literal, port(parts.group(3), tls), path);
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static Optional<InetAddress> literal(String host) {
    if (host.startsWith("[")) {
      return Optional.of(literalSix(bare(host)));
    }
    if (FOUR_NUMBERS.matcher(host).matches()) {
      return Optional.of(InetAddress.ofLiteral(host));
    }
    if (ENDS_IN_NUMBER.matcher(host).matches() || !NAME.matcher(host).matches()) {
      throw refused(
          "its host \"%s\" must be a name, or four numbers of 0 to 255 without leading zeros"
              .formatted(host));
    }
    return Optional.empty();
  }

  private static InetAddress literalSix(String host) {
    try {
      if (host.indexOf(':') >= 0) {
        return InetAddress.ofLiteral(host);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw refused("its host [%s] is no IPv6 address".formatted(host));
  }

  private static int port(String digits, boolean tls) {
    if (digits == null) {
      return tls ? 443 : 80;
    }
    int port = Integer.parseInt(digits);
    if (port < 1 || port > 65_535) {
      throw refused("its port %s must be 1 to 65,535".formatted(digits));
    }
    return port;
  }

  private static String orElse(String text, String other) {
    return text == null ? other : text;
  }

  static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("the URL of a webhook was refused: " + why);
  }

  /// What stands in the Host header.
  String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }
}
