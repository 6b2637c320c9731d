package dev.quern.json;

import java.util.ArrayList;
import java.util.List;

/// Reads a JSON text into values.
final class Parser {

  private final String text;
  private final Scanner in;

  Parser(String text) {
    this.text = text;
    in = new Scanner(text);
  }

  JsonValue text() {
    var value = value(0);
    in.end();
    return value;
  }

  private JsonValue value(int depth) {
    return switch (in.peek()) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> new JsonString(string());
      case 't' -> literal("true", JsonBoolean.TRUE);
      case 'f' -> literal("false", JsonBoolean.FALSE);
      case 'n' -> literal("null", JsonNull.NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw in.expected("a value");
    };
  }

  private JsonArray array(int depth) {
    in.open(depth);
    if (in.accept(']')) {
      return new JsonArray(List.of());
    }
    var elements = new ArrayList<JsonValue>();
    do {
      elements.add(value(depth));
    } while (in.accept(','));
    in.require(']', "',' or ']'");
    return new JsonArray(elements);
  }

  private JsonObject object(int depth) {
    var members = new JsonObject.Parsed();
    in.open(depth);
    if (in.accept('}')) {
      return new JsonObject(members);
    }
    do {
      member(members, depth);
    } while (in.accept(','));
    in.require('}', "',' or '}'");
    return new JsonObject(members);
  }

  private void member(JsonObject.Parsed members, int depth) {
    if (in.peek() != '"') {
      throw in.expected("a name");
    }
    int begin = in.position();
    String name = string();
    if (members.containsKey(name)) {
      throw in.refused("a name that occurs twice in an object", begin);
    }
    in.require(':', "':'");
    members.put(name, value(depth));
  }

  private String string() {
    int begin = in.position() + 1;
    boolean escaped = in.string();
    int end = in.position() - 1;
    return escaped ? Escapes.replace(text, begin, end) : text.substring(begin, end);
  }

  private JsonNumber number() {
    int begin = in.position();
    in.number();
    return new JsonNumber(text.substring(begin, in.position()));
  }

  private JsonValue literal(String word, JsonValue value) {
    in.literal(word);
    return value;
  }
}
