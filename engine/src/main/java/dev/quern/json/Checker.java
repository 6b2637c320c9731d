package dev.quern.json;

/// Walks over a JSON text and keeps nothing of it.
final class Checker {

  private final Scanner in;
  private final Names names;

  Checker(String text) {
    in = new Scanner(text);
    names = new Names(text);
  }

  /// Makes sure that the text is one value, which stands inside `depth` containers.
  void text(int depth) {
    value(depth);
    in.end();
  }

  private void value(int depth) {
    switch (in.peek()) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> in.string();
      case 't' -> in.literal("true");
      case 'f' -> in.literal("false");
      case 'n' -> in.literal("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> in.number();
      default -> throw in.expected("a value");
    }
  }

  private void array(int depth) {
    in.open(depth);
    if (in.accept(']')) {
      return;
    }
    do {
      value(depth);
    } while (in.accept(','));
    in.require(']', "',' or ']'");
  }

  private void object(int depth) {
    int begin = in.open(depth);
    if (in.accept('}')) {
      return;
    }
    do {
      name(begin);
      in.require(':', "':'");
      value(depth);
    } while (in.accept(','));
    in.require('}', "',' or '}'");
  }

  private void name(int object) {
    if (in.peek() != '"') {
      throw in.expected("a name");
    }
    int begin = in.position();
    in.string();
    if (!names.add(object, begin)) {
      throw in.refused("a name that occurs twice in an object", begin);
    }
  }
}
