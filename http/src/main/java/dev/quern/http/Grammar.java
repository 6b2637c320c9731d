package dev.quern.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What a request may look like. The server of the JDK takes much that other servers and proxies
/// read differently; whatever could be read in two ways is refused here, and its connection closed.
final class Grammar {
  private static final int LONGEST_TARGET = 8 << 10;
  private static final int MOST_HEADERS = 100;
  private static final int LONGEST_HEADERS = 16 << 10;

  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:\\d{1,5})?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Pattern HIDDEN =
      Pattern.compile("%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7[Ff]|%2[Ff]|%5[Cc]|\\\\|//");
  private static final Pattern DOTS = Pattern.compile("/(\\.|%2[Ee]){1,2}(/|$)");
  private static final Pattern HIDDEN_IN_QUERY =
      Pattern.compile("%(?![0-9A-Fa-f]{2})|%0[0-9A-Fa-f]|%1[0-9A-Fa-f]|%7[Ff]");

  private final Set<String> hosts;
  private final boolean anyHost;

  /// @param hosts the names that the server answers to, in lower case
  /// @param anyHost whether it answers to all others too
  Grammar(Set<String> hosts, boolean anyHost) {
    this.hosts = Set.copyOf(hosts);
    this.anyHost = anyHost;
  }

  /// Checks all of a request but its body.
  ///
  /// @throws Problem that closes the connection, if it is refused
  void check(HttpExchange exchange) {
    requestLine(exchange);
    target(exchange.getRequestURI());
    Headers headers = exchange.getRequestHeaders();
    headers(headers);
    host(headers);
    length(headers);
    origin(exchange.getRequestMethod(), headers);
  }

  private static void requestLine(HttpExchange exchange) {
    String version = exchange.getProtocol();
    require(
        version.equals("HTTP/1.1") || version.equals("HTTP/1.0"),
        "speak HTTP/1.1, written in capitals");
    require(METHOD.matcher(exchange.getRequestMethod()).matches(), "this is no method");
  }

  private static void target(URI target) {
    require(
        !target.isAbsolute() && target.getRawAuthority() == null,
        "name the path alone: this is no proxy");
    String path = String.valueOf(target.getRawPath());
    require(path.startsWith("/"), "a path begins with /");
    require(ascii(path), "other characters than those of ASCII are written with percent signs");
    require(target.getRawFragment() == null, "a fragment stays at the client");
    require(
        !HIDDEN.matcher(path).find() && !DOTS.matcher(path).find(),
        "the path hides a slash, a dot segment or a control character");
    String query = target.getRawQuery();
    require(
        query == null || ascii(query) && !HIDDEN_IN_QUERY.matcher(query).find(),
        "the query hides a control character");
    if (path.length() + (query == null ? 0 : query.length()) > LONGEST_TARGET) {
      throw Problem.closing(
          Fault.URI_TOO_LONG, "at most %,d characters are allowed".formatted(LONGEST_TARGET));
    }
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }

  private static void headers(Headers headers) {
    int count = 0;
    int length = 0;
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        count++;
        length += header.getKey().length() + value.length() + 4;
        require(plain(value), "a header holds a control character");
      }
    }
    if (count > MOST_HEADERS || length > LONGEST_HEADERS) {
      throw Problem.closing(
          Fault.HEADERS_TOO_LARGE,
          "at most %d, of %,d characters in all".formatted(MOST_HEADERS, LONGEST_HEADERS));
    }
  }

  private static boolean plain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 0x7F) {
        return false;
      }
    }
    return true;
  }

  /// Without a token the name matters: a page of somebody else's can have a browser call us by a
  /// name of its own that leads here.
  private void host(Headers headers) {
    List<String> names = headers.getOrDefault("Host", List.of());
    require(names.size() == 1, "exactly one header Host is needed");
    String name = names.getFirst();
    require(HOST.matcher(name).matches(), "the header Host is no name");
    if (!anyHost && !hosts.contains(withoutPort(name).toLowerCase(Locale.ROOT))) {
      throw Problem.closing(
          Fault.FORBIDDEN, "this server does not answer to the name in the header Host");
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static void length(Headers headers) {
    List<String> lengths = headers.getOrDefault("Content-Length", List.of());
    require(lengths.size() <= 1, "there are two lengths");
    require(
        lengths.stream().allMatch(length -> LENGTH.matcher(length).matches()),
        "the length is no number");
    require(
        lengths.isEmpty() || !headers.containsKey("Transfer-Encoding"),
        "either a length or an encoding");
  }

  /// A page of somebody else's may not change anything either, token or not.
  private static void origin(String method, Headers headers) {
    if (method.equals("GET") || method.equals("HEAD")) {
      return;
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    String origin = headers.getFirst("Origin");
    boolean foreign =
        site != null
            ? !site.equals("same-origin") && !site.equals("none")
            : origin != null && !origin.replaceFirst("^https?://", "").equals(host(headers, ""));
    if (foreign) {
      throw Problem.closing(Fault.FORBIDDEN, "pages of other sites may not call this server");
    }
  }

  private static String host(Headers headers, String otherwise) {
    String host = headers.getFirst("Host");
    return host == null ? otherwise : host;
  }

  private static void require(boolean right, String detail) {
    if (!right) {
      throw Problem.closing(Fault.SYNTAX, detail);
    }
  }
}
