package dev.quern.http;

import java.util.ArrayList;
import java.util.List;

/// A request that two readers may read differently, byte by byte.
///
/// @param name what is odd about it
/// @param bytes what is sent; in it `CANARY` enqueues a job of the kind `canary` if it is read as a
///   request of its own
record Attack(String name, String bytes) {
  private static final String CANARY_BODY = "{\"kind\":\"canary\"}";

  /// A request that must never be seen as one: it hides in the body of another.
  static final String CANARY =
      "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
          + CANARY_BODY.length()
          + "\r\n\r\n"
          + CANARY_BODY;

  private static String get(String line, String... headers) {
    return line + "\r\n" + String.join("", headers) + "\r\n";
  }

  private static String body(String headers, String body) {
    return "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + headers
        + "\r\n"
        + body;
  }

  private static String stream(String headers, String body) {
    return "POST /v1/jobs:stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        + headers
        + "\r\n"
        + body;
  }

  /// Those that must be refused, or lead to a closed connection.
  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    lines(all);
    paths(all);
    hosts(all);
    lengths(all);
    encodings(all);
    headers(all);
    return all;
  }

  private static void lines(List<Attack> all) {
    String host = "Host: localhost\r\n";
    all.add(new Attack("a version of the future", get("GET /livez HTTP/9.9", host)));
    all.add(new Attack("version 2.0", get("GET /livez HTTP/2.0", host)));
    all.add(new Attack("a version in small letters", get("GET /livez http/1.1", host)));
    all.add(new Attack("no version", get("GET /livez", host)));
    all.add(new Attack("a version with a tail", get("GET /livez HTTP/1.1 x", host)));
    all.add(new Attack("two spaces", get("GET  /livez HTTP/1.1", host)));
    all.add(new Attack("a tab", get("GET\t/livez HTTP/1.1", host)));
    all.add(new Attack("a method in small letters", get("get /livez HTTP/1.1", host)));
    all.add(new Attack("a control character in the method", get("G\u0001T /livez HTTP/1.1", host)));
    all.add(new Attack("no method", get(" /livez HTTP/1.1", host)));
    all.add(new Attack("absolute form", get("GET http://localhost/livez HTTP/1.1", host)));
    all.add(new Attack("absolute form to elsewhere", get("GET http://evil/livez HTTP/1.1", host)));
    all.add(new Attack("authority form", get("CONNECT localhost:80 HTTP/1.1", host)));
    all.add(new Attack("a scheme that is none", get("GET javascript:x HTTP/1.1", host)));
    all.add(new Attack("an asterisk", get("GET * HTTP/1.1", host)));
    all.add(new Attack("a binary line", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"));
  }

  private static void paths(List<Attack> all) {
    for (String path :
        List.of(
            "//livez",
            "//evil/livez",
            "/./livez",
            "/v1/../livez",
            "/v1/%2e%2e/livez",
            "/v1/.%2E/livez",
            "/%2flivez",
            "/v1%2Finfo",
            "/livez%00",
            "/livez%0d%0aX:y",
            "/livez%5c",
            "/livez\\",
            "/livez%",
            "/livez%zz",
            "/livez%7f",
            "/livez#x",
            "/%6civez%1f",
            "/livez?a=%00",
            "/livez?a=%zz",
            "/livez\u0001",
            "/livez\u00e9",
            "/" + "x".repeat(9_000))) {
      all.add(new Attack("path " + path, get("GET " + path + " HTTP/1.1", "Host: localhost\r\n")));
    }
  }

  private static void hosts(List<Attack> all) {
    String line = "GET /livez HTTP/1.1";
    all.add(new Attack("no host", get(line)));
    all.add(new Attack("no host in 1.0", get("GET /livez HTTP/1.0")));
    all.add(new Attack("two hosts", get(line, "Host: localhost\r\n", "Host: localhost\r\n")));
    all.add(new Attack("a foreign host", get(line, "Host: evil.example\r\n")));
    for (String host :
        List.of("", "a b", "localhost/", "localhost:x", "a@localhost", "local,host")) {
      all.add(new Attack("host " + host, get(line, "Host: " + host + "\r\n")));
    }
  }

  private static void lengths(List<Attack> all) {
    int length = CANARY.length();
    for (String value :
        List.of("+5", "-1", "5 ", "0x5", "5,5", "5, 5", "5;5", "", "1e1", "99999999999999999999")) {
      if (!value.equals("5 ")) {
        all.add(
            new Attack(
                "length " + value, body("Content-Length: " + value + "\r\n", "{}   " + CANARY)));
      }
    }
    all.add(
        new Attack(
            "two lengths",
            body("Content-Length: 0\r\nContent-Length: " + length + "\r\n", CANARY)));
    all.add(
        new Attack(
            "two equal lengths",
            body("Content-Length: " + length + "\r\nContent-Length: " + length + "\r\n", CANARY)));
    all.add(
        new Attack(
            "a space before the colon", body("Content-Length : " + length + "\r\n", CANARY)));
    all.add(
        new Attack(
            "a length in an unread body",
            "GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + length
                + "\r\n\r\n"
                + CANARY));
    all.add(
        new Attack(
            "a body of another type",
            "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + length
                + "\r\n\r\n"
                + CANARY));
    all.add(new Attack("a body nobody reads", body("Content-Length: 2000000\r\n", CANARY)));
  }

  private static void encodings(List<Attack> all) {
    String chunks = "2\r\n{}\r\n0\r\n\r\n" + CANARY;
    for (String value :
        List.of(
            "chunked",
            "Chunked",
            "identity",
            "gzip",
            "gzip, chunked",
            "chunked, chunked",
            "\u000bchunked",
            "xchunked",
            "chunked;q=1",
            "")) {
      all.add(
          new Attack("encoding " + value, body("Transfer-Encoding: " + value + "\r\n", chunks)));
    }
    all.add(
        new Attack(
            "encoding and length",
            body("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunks)));
    all.add(
        new Attack(
            "two encodings",
            body("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunks)));
    all.add(
        new Attack(
            "encoding in 1.0",
            body("Transfer-Encoding: chunked\r\n", chunks).replace("1.1", "1.0")));
    for (String size :
        List.of(
            "100000000", "-1", "", "0x2", "1\r0", "2;x\r\n{}", "2 ", "ffffffffffffffff", "zz")) {
      all.add(
          new Attack(
              "stream with chunk size " + size,
              stream("Transfer-Encoding: chunked\r\n", size + "\r\n" + CANARY)));
    }
    for (String size : List.of("-1", "-5", "80000000", "fffffff0")) {
      all.add(
          new Attack(
              "a body with chunk size " + size,
              body("Transfer-Encoding: chunked\r\n", size + "\r\n" + CANARY)));
      all.add(
          new Attack(
              "stream with a later chunk size " + size,
              stream("Transfer-Encoding: chunked\r\n", "3\r\n{}\n\r\n" + size + "\r\n" + CANARY)));
      all.add(
          new Attack(
              "a foreign host with chunk size " + size,
              body("Transfer-Encoding: chunked\r\n", size + "\r\n" + CANARY)
                  .replace("localhost", "evil.example")));
    }
    all.add(
        new Attack(
            "what follows a stream",
            stream("Transfer-Encoding: chunked\r\n", "3\r\n{}\n\r\n0\r\n\r\n" + CANARY)));
    all.add(
        new Attack(
            "stream with encoding and length",
            stream("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", chunks)));
  }

  private static void headers(List<Attack> all) {
    String line = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
    all.add(new Attack("a control character in a value", line + "X: a\u0001b\r\n\r\n"));
    all.add(new Attack("a NUL in a value", line + "X: a\u0000b\r\n\r\n"));
    all.add(new Attack("a space in a name", line + "X Y: a\r\n\r\n"));
    all.add(new Attack("a header without a name", line + ": a\r\n\r\n"));
    all.add(new Attack("a header without a colon", line + "X\r\n\r\n"));
    all.add(new Attack("many headers", line + "A: b\r\n".repeat(5_000) + "\r\n"));
    all.add(new Attack("a long header", line + "A: " + "b".repeat(20_000) + "\r\n\r\n"));
  }
}
