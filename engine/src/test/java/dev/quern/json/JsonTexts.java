package dev.quern.json;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The table of texts that every reader here must accept, or refuse at the same place.
final class JsonTexts {

  private static final int ACCEPTED = -1;

  /// @param text the text
  /// @param position where it is refused, or [#ACCEPTED]
  record Case(String text, int position) {

    boolean accepted() {
      return position == ACCEPTED;
    }

    @Override
    public String toString() {
      String begin = text.length() > 40 ? text.substring(0, 40) + "…" : text;
      return (accepted() ? "accepted: " : "refused at " + position + ": ")
          + begin.chars().mapToObj(JsonTexts::visible).reduce("", String::concat);
    }
  }

  private static final String[] VALUES = {
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "1234567890",
    "9223372036854775808",
    "0.0",
    "-0.0",
    "0.5",
    "123.456",
    "1e0",
    "1E5",
    "1e+5",
    "1e-5",
    "0e1",
    "0e+1",
    "-1.5E-10",
    "1.000000000000000000000000000000000000000005",
    "1e999",
    "1e-999",
    "1e0999",
    "123123123123123123123123123123",
    "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
    "\"\"",
    "\" \"",
    "\"a\"",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"\\/\"",
    "\"/\"",
    "\"\\b\\f\\n\\r\\t\"",
    "\"\\u0001\"",
    "\"\\u0061\\u0022\\u005c\"",
    "\"\\u00e9\\u00E9\"",
    "\"\\\\u0000\"",
    "\"\\\\n\"",
    "\"é\"",
    "\"€\"",
    "\"\uD83D\uDE00\"",
    "\"\\ud83d\\ude00\"",
    "\"\\uD83D\\uDE00\\uD83D\\uDE00\"",
    "\"\u007F\"",
    "\"\u2028\u2029\"",
    "\"\uFEFF\"",
    "\"\uFFFF\"",
    "\"\uE000\uFFFD\"",
    "\"\\uFDD0\\uFFFE\"",
    "\"/* no comment */\"",
    "\"{[,:]}\"",
  };

  private static final String[] CONTAINERS = {
    "[]",
    "[ ]",
    "[1]",
    "[1,2]",
    "[1 , 2 ]",
    "[null,true,false,1,\"a\",[],{}]",
    "[[]]",
    "[[[]],[]]",
    "[\"\"]",
    "[\"a\",\"a\"]",
    "{}",
    "{ }",
    "{\"\":0}",
    "{\"a\":1}",
    "{\"a\":1,\"b\":2}",
    "{\"a\":{\"a\":{\"a\":1}}}",
    "{\"a\":[{\"a\":1},{\"a\":2}],\"b\":{\"a\":3}}",
    "{\"a\":1,\"A\":2}",
    "{\"a\":1,\"\\u0041\":2}",
    "{\"ab\":1,\"a\":2,\"b\":3,\"\":4}",
    "{\"\\\"\":1,\"\\\\\":2,\"\\\\\\\"\":3}",
    "{\"\uD83D\uDE00\":1,\"\uD83D\uDE01\":2}",
    " [1]",
    "[1] ",
    "\t\n\r [\t\n\r 1\t\n\r ]\t\n\r ",
    "{ \"a\" : 1 , \"b\" : [ ] }",
    "\n{\n  \"a\": 1\n}\n",
  };

  private JsonTexts() {}

  static Stream<Case> all() {
    var cases = new ArrayList<Case>();
    Stream.of(VALUES, CONTAINERS).flatMap(Stream::of).forEach(text -> accept(text, cases));
    accept(nested("[", 64, "]"), cases);
    accept(nested("{\"a\":", 63, "{}", "}"), cases);
    accept("9".repeat(100), cases);
    accept("-" + "9".repeat(50) + "." + "9".repeat(48) + "e-01", cases);
    accept(object(5000), cases);
    cases.addAll(refused());
    cases.addAll(large());
    return cases.stream();
  }

  private static void accept(String text, List<Case> cases) {
    cases.add(new Case(text, ACCEPTED));
  }

  private static List<Case> refused() {
    return List.of(
        // No value.
        at(0, ""),
        at(1, " "),
        at(3, "\n\t\r"),
        at(0, "\uFEFF1"),
        at(0, "\uFEFF"),
        at(0, "\u00A01"),
        at(0, "\f1"),
        at(0, "\u20601"),
        at(0, "\u00001"),
        // Words.
        at(0, "nul"),
        at(0, "Null"),
        at(0, "TRUE"),
        at(0, "tru"),
        at(0, "nan"),
        at(0, "NaN"),
        at(0, "Infinity"),
        at(1, "-Infinity"),
        at(1, "-NaN"),
        at(0, "undefined"),
        at(0, "abc"),
        at(4, "nullx"),
        at(4, "truefalse"),
        at(0, "'a'"),
        at(0, "`a`"),
        at(0, "*"),
        // Numbers.
        at(0, "01"),
        at(0, "00"),
        at(1, "-01"),
        at(0, "+1"),
        at(1, "-"),
        at(1, "--1"),
        at(1, "-a"),
        at(1, "- 1"),
        at(0, ".5"),
        at(1, "-.5"),
        at(2, "1."),
        at(2, "1.e5"),
        at(2, "1.a"),
        at(3, "1.2.3"),
        at(2, "1e"),
        at(3, "1e+"),
        at(3, "1E-"),
        at(2, "1ee5"),
        at(3, "1e5.5"),
        at(3, "1e++5"),
        at(1, "0x10"),
        at(1, "1_000"),
        at(2, "1 000"),
        at(1, "1f"),
        at(1, "1L"),
        at(1, "1+2"),
        at(0, "\uFF11"),
        at(1, "1\uFF11"),
        at(1, "1e1000"),
        at(1, "1e-1000"),
        at(3, "0.4e00669999999999999999"),
        at(1, "1E99999999999999999999999"),
        at(0, "9".repeat(101)),
        at(1, "[-" + "9".repeat(101) + "]"),
        at(0, "0." + "1".repeat(100)),
        at(0, "1e" + "0".repeat(100)),
        // Strings.
        at(1, "\""),
        at(2, "\"a"),
        at(3, "\"a'"),
        at(3, "\"\\\""),
        at(1, "\"\\"),
        at(1, "\"\\x41\""),
        at(1, "\"\\a\""),
        at(1, "\"\\'\""),
        at(1, "\"\\U0041\""),
        at(1, "\"\\\n\""),
        at(2, "\"a\\\u00e9\""),
        at(1, "\"\\u\""),
        at(1, "\"\\u004\""),
        at(1, "\"\\u004g\""),
        at(1, "\"\\u 041\""),
        at(1, "\"\\u+041\""),
        at(1, "\"\\u\uFF10\uFF10\uFF14\uFF11\""),
        at(1, "\"\\u00"),
        at(1, "\"\n\""),
        at(2, "\"a\tb\""),
        at(1, "\"\u0000\""),
        at(1, "\"\u001F\""),
        at(1, "\"\\u0000\""),
        at(2, "\"a\\u0000b\""),
        at(1, "\"\uD800\""),
        at(1, "\"\uDC00\""),
        at(2, "\"a\uD83D"),
        at(1, "\"\uDE00\uD83D\""),
        at(1, "\"\uD83D\uD83D\uDE00\""),
        at(1, "\"\\ud800\""),
        at(1, "\"\\udc00\""),
        at(1, "\"\\ud83d\\u0061\""),
        at(1, "\"\\ud83dx\""),
        at(1, "\"\\ud83d\\n\""),
        at(1, "\"\\ud83d\\\""),
        at(1, "\"\\ud83d\\u\""),
        at(1, "\"\\ude00\\ud83d\""),
        at(1, "\"\\ud83d\\ud83d\\ude00\""),
        at(1, "\"\\ud83d\uDE00\""),
        at(1, "\"\uD83D" + "\\ude00\""),
        at(4, "\"a\" \"b\""),
        // Arrays.
        at(1, "["),
        at(0, "]"),
        at(2, "[1"),
        at(3, "[1,"),
        at(3, "[1,]"),
        at(1, "[,1]"),
        at(3, "[1,,2]"),
        at(1, "[,]"),
        at(3, "[1 2]"),
        at(5, "[\"a\" \"b\"]"),
        at(2, "[1}"),
        at(2, "[1:2]"),
        at(2, "[]]"),
        at(2, "[][]"),
        at(3, "[1]x"),
        at(3, "[1],"),
        at(2, "[1;2]"),
        at(1, "[NaN]"),
        at(1, "[nope]"),
        at(4, "[1, \uFEFF]"),
        at(2, "[1/**/]"),
        at(4, "[1] // end"),
        at(0, "//\n1"),
        at(0, "# 1"),
        at(3, "[[]"),
        // Objects.
        at(1, "{"),
        at(0, "}"),
        at(1, "{1:2}"),
        at(1, "{a:1}"),
        at(1, "{'a':1}"),
        at(1, "{null:1}"),
        at(1, "{[]:1}"),
        at(4, "{\"a\""),
        at(4, "{\"a\"}"),
        at(4, "{\"a\",1}"),
        at(5, "{\"a\"::1}"),
        at(5, "{\"a\":"),
        at(5, "{\"a\":}"),
        at(6, "{\"a\":1"),
        at(7, "{\"a\":1,"),
        at(7, "{\"a\":1,}"),
        at(1, "{,}"),
        at(7, "{\"a\":1,,\"b\":2}"),
        at(7, "{\"a\":1 \"b\":2}"),
        at(6, "{\"a\":1]"),
        at(4, "{\"a\"=1}"),
        at(4, "{\"a\"1}"),
        at(7, "{\"a\":1}}"),
        at(8, "{\"a\":1} {}"),
        at(1, "{{}}"),
        at(2, "{\"\\u0000\":1}"),
        at(2, "{\"\uDC00\":1}"),
        at(7, "{\"a\":1,\"a\":1}"),
        at(7, "{\"a\":1,\"\\u0061\":2}"),
        at(12, "{\"\\u0061\":1,\"a\":2}"),
        at(6, "{\"\":1,\"\":2}"),
        at(15, "{\"a\":{},\"b\":[],\"a\":3}"),
        at(13, "{\"b\":[{\"a\":1,\"a\":2}]}"),
        at(9, "{\"\uD83D\uDE00\": 1,\"\\ud83d\\ude00\":2}"));
  }

  private static List<Case> large() {
    String twice = object(5000).replace("\"n4999\"", "\"n17\"");
    return List.of(
        at(64, nested("[", 65, "]")),
        at(320, nested("{\"a\":", 64, "{}", "}")),
        at(64, "[".repeat(100_000)),
        at(160, ("[{\"\":".repeat(50_000) + "[")),
        at(twice.lastIndexOf("\"n17\""), twice));
  }

  private static Case at(int position, String text) {
    return new Case(text, position);
  }

  private static String nested(String open, int times, String close) {
    return nested(open, times, "", close);
  }

  private static String nested(String open, int times, String inside, String close) {
    return open.repeat(times) + inside + close.repeat(times);
  }

  private static String object(int members) {
    return Stream.iterate(0, n -> n + 1)
        .limit(members)
        .map(n -> "\"n" + n + "\":" + n)
        .collect(joining(",", "{", "}"));
  }

  private static String visible(int c) {
    return c > ' ' && c < 0x7F ? String.valueOf((char) c) : Found.codeOf((char) c);
  }
}
