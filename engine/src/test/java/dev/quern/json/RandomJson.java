package dev.quern.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Random values and texts. The seed is printed, and taken from `-Dseed=…` if that is set.
final class RandomJson {

  private static final String CHARS = "\"\\/{}[]:, \n\t\b\f\ru0aeE+-.19tfn\u0001é€\u2028\uFEFF";
  private static final int DEEPEST = 5;

  private final RandomGenerator random;

  private RandomJson(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  static RandomJson create() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("RandomJson: -Dseed=" + seed);
    return new RandomJson(seed);
  }

  JsonValue value() {
    return value(0);
  }

  /// A text that differs from `text` in one to three places.
  String mutation(String text) {
    var mutated = new StringBuilder(text);
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      mutate(mutated);
    }
    return mutated.toString();
  }

  private void mutate(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + random.nextInt(4));
    switch (random.nextInt(5)) {
      case 0 -> text.insert(at, character());
      case 1 -> text.delete(at, end);
      case 2 -> text.insert(at, text.substring(at, end));
      case 3 -> text.replace(at, end, character());
      default -> text.setLength(at);
    }
  }

  private JsonValue value(int depth) {
    return switch (random.nextInt(depth < DEEPEST ? 7 : 5)) {
      case 0 -> JsonNull.NULL;
      case 1 -> new JsonBoolean(random.nextBoolean());
      case 2 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
      case 3 -> new JsonNumber(Double.toString(random.nextGaussian() * 1e5));
      case 4 -> new JsonString(string());
      case 5 -> array(depth);
      default -> object(depth);
    };
  }

  private JsonArray array(int depth) {
    var elements = new ArrayList<JsonValue>();
    for (int size = random.nextInt(5); size > 0; size--) {
      elements.add(value(depth + 1));
    }
    return new JsonArray(elements);
  }

  private JsonObject object(int depth) {
    var members = new LinkedHashMap<String, JsonValue>();
    for (int size = random.nextInt(5); size > 0; size--) {
      members.put(string(), value(depth + 1));
    }
    return new JsonObject(members);
  }

  private String string() {
    var string = new StringBuilder();
    for (int length = random.nextInt(8); length > 0; length--) {
      string.append(character());
    }
    return string.toString();
  }

  private String character() {
    int choice = random.nextInt(CHARS.length() + 1);
    return choice < CHARS.length() ? CHARS.substring(choice, choice + 1) : "\uD83D\uDE00";
  }
}
