package dev.quern.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Bodies that are no JSON, or none that a new job is made from.
///
/// @param name what is odd about it
/// @param body byte by byte
record JsonAttack(String name, byte[] body) {
  private static final int DEEP = 100_000;
  private static final int MEBI = 1 << 20;

  /// @param body with a character for each byte
  private static JsonAttack of(String name, String body) {
    return new JsonAttack(name, body.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String job(String payload) {
    return "{\"kind\":\"a\",\"payload\":" + payload + "}";
  }

  /// All of them.
  static List<JsonAttack> all() {
    List<JsonAttack> all = new ArrayList<>();
    both(all, "no value", broken());
    both(all, "number", numbers());
    both(all, "string", strings());
    both(all, "bytes", bytes());
    both(all, "names", names());
    depths(all);
    lengths(all);
    for (String shape : List.of("null", "true", "1", "\"kind\"", "[]", "[{\"kind\":\"a\"}]")) {
      all.add(of("shape " + shape, shape));
    }
    for (String kind : List.of("1", "[]", "{}", "null", "\"\"", "\"" + "k".repeat(5_000) + "\"")) {
      all.add(of("kind of " + kind.length(), "{\"kind\":" + kind + "}"));
    }
    return all;
  }

  /// Each text as a body and as the payload of a job.
  private static void both(List<JsonAttack> all, String what, List<String> texts) {
    for (String text : texts) {
      String begin = text.substring(0, Math.min(40, text.length()));
      String name = what + " " + begin.replaceAll("[^ -~]", "?");
      all.add(of(name, text));
      all.add(of(name + " as payload", job(text)));
    }
  }

  private static List<String> broken() {
    return List.of(
        "{} {}",
        "1 2",
        "{},",
        "[1,]",
        "{\"a\":1,}",
        "[1",
        "{\"a\"",
        "{\"a\":",
        "{a:1}",
        "{'a':1}",
        "tru",
        "nul",
        "True",
        "undefined",
        "/**/1",
        "1//",
        "[1]]",
        "}",
        ",",
        ":",
        "\u00a01",
        "\f1",
        "(1)",
        "[,1]",
        "{\"a\" 1}",
        "{1:1}",
        "*");
  }

  private static List<String> numbers() {
    return List.of(
        "1e1000",
        "1e999999999",
        "-1e-999999999",
        "1E99999999999999999999",
        "9".repeat(101),
        "0." + "1".repeat(200),
        "9".repeat(100_000),
        "01",
        "-01",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "--1",
        "-",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e1.5");
  }

  private static List<String> strings() {
    return List.of(
        "\"abc",
        "\"\\",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\u0000b\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0061\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\u007f",
        "\u0000",
        "1\u0000");
  }

  /// What is not UTF-8, and UTF-8 with a mark before it.
  private static List<String> bytes() {
    return List.of(
        "\"\u00ff\"",
        "\"\u0080\"",
        "\"\u00c0\u0080\"",
        "\"\u00c1\u00bf\"",
        "\"\u00e0\u0080\u00af\"",
        "\"\u00e2\u0082\"",
        "\"\u00ed\u00a0\u0080\"",
        "\"\u00ed\u00b0\u0080\"",
        "\"\u00f0\u0082\u0082\u00ac\"",
        "\"\u00f4\u0090\u0080\u0080\"",
        "\"\u00f5\u0080\u0080\u0080\"",
        "\u00ef\u00bb\u00bf1",
        "\u00ff\u00fe1\u0000",
        "\u00fe\u00ff\u00001");
  }

  private static List<String> names() {
    return List.of(
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "[{\"b\":{\"a\":1,\"c\":2,\"a\":1}}]",
        "{\"\":1,\"\":1}",
        "{\"\\ud800\":1}",
        "{\"\u00ff\":1}");
  }

  private static void depths(List<JsonAttack> all) {
    both(
        all,
        "depth",
        List.of(
            "[".repeat(DEEP),
            "[".repeat(DEEP) + "]".repeat(DEEP),
            "{\"a\":".repeat(DEEP),
            "{\"a\":".repeat(DEEP) + "1" + "}".repeat(DEEP),
            "[{\"\":".repeat(DEEP),
            "[".repeat(65) + "]".repeat(65)));
  }

  private static void lengths(List<JsonAttack> all) {
    all.add(of("a payload that is too long", job("\"" + "x".repeat(MEBI - 1) + "\"")));
    all.add(of("a body that is too long", job("\"" + "x".repeat(MEBI + (64 << 10)) + "\"")));
    all.add(of("a string that does not end", job("\"" + "x".repeat(MEBI - 100))));
    all.add(of("escapes that do not end", job("\"" + "\\u00e9".repeat(MEBI / 6))));
    all.add(of("spaces and then nothing", " ".repeat(MEBI)));
    all.add(of("digits", job("1".repeat(MEBI - 100))));
    all.add(of("commas", job("[" + ",".repeat(MEBI - 100))));
    all.add(of("a name that is long", job("{\"" + "x".repeat(MEBI - 100) + "\"}")));
    all.add(of("a member nobody knows", "{\"kind\":\"a\",\"" + "x".repeat(100_000) + "\":1}"));
  }
}
