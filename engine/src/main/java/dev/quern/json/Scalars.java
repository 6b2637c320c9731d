package dev.quern.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The shapes of the types that have nothing in them.
final class Scalars {

  private static final Map<Class<?>, Shape> SHAPES = new HashMap<>();

  static {
    addWholeNumbers();
    addDecimalNumbers();
    add(Boolean.class, boolean.class, new BooleanShape());
    add(Character.class, char.class, character());
    SHAPES.put(String.class, new TextShape<>("a string", Function.identity(), text -> text));
    SHAPES.put(byte[].class, new BytesShape());
    SHAPES.put(UUID.class, new TextShape<>("a UUID", UUID::toString, Scalars::uuid));
    SHAPES.put(URI.class, new TextShape<>("a URI", URI::toString, URI::create));
    SHAPES.put(Path.class, new TextShape<>("a path", Path::toString, Path::of));
    SHAPES.put(Object.class, AnyShape.ANY);
    SHAPES.putAll(Times.SHAPES);
  }

  private Scalars() {}

  static Optional<Shape> of(Class<?> type) {
    return Optional.ofNullable(SHAPES.get(type)).or(() -> ofFamily(type));
  }

  /// Types of which only a common supertype is known in advance.
  private static Optional<Shape> ofFamily(Class<?> type) {
    if (Enum.class.isAssignableFrom(type) && type != Enum.class) {
      return Optional.of(new EnumShape(type));
    }
    if (JsonValue.class.isAssignableFrom(type)) {
      return Optional.of(new JsonShape(type));
    }
    if (Path.class.isAssignableFrom(type)) {
      return Optional.of(SHAPES.get(Path.class));
    }
    if (ZoneId.class.isAssignableFrom(type)) {
      return Optional.of(SHAPES.get(ZoneId.class));
    }
    return Optional.empty();
  }

  private static void addWholeNumbers() {
    add(Long.class, long.class, new WholeShape(Long.MIN_VALUE, Long.MAX_VALUE, n -> n));
    add(
        Integer.class,
        int.class,
        new WholeShape(Integer.MIN_VALUE, Integer.MAX_VALUE, n -> (int) n));
    add(Short.class, short.class, new WholeShape(Short.MIN_VALUE, Short.MAX_VALUE, n -> (short) n));
    add(Byte.class, byte.class, new WholeShape(Byte.MIN_VALUE, Byte.MAX_VALUE, n -> (byte) n));
    SHAPES.put(
        BigInteger.class,
        new DecimalShape<BigInteger>(
            "a whole number",
            (out, value) -> out.value(new JsonNumber(value.toString())),
            number -> number.decimalValue().toBigIntegerExact()));
  }

  private static void addDecimalNumbers() {
    add(
        Double.class,
        double.class,
        new DecimalShape<Double>("a double", JsonWriter::value, JsonNumber::doubleValue));
    add(
        Float.class,
        float.class,
        new DecimalShape<Float>("a float", JsonWriter::value, Scalars::floatValue));
    SHAPES.put(
        BigDecimal.class,
        new DecimalShape<BigDecimal>("a number", JsonWriter::value, JsonNumber::decimalValue));
  }

  private static void add(Class<?> box, Class<?> primitive, Shape shape) {
    SHAPES.put(box, shape);
    SHAPES.put(primitive, new PrimitiveShape(primitive, shape));
  }

  private static Float floatValue(JsonNumber number) {
    float value = Float.parseFloat(number.text());
    if (Float.isInfinite(value)) {
      throw new ArithmeticException();
    }
    return value;
  }

  private static TextShape<Character> character() {
    return new TextShape<>("one character", String::valueOf, Scalars::onlyChar);
  }

  private static char onlyChar(String text) {
    if (text.length() != 1) {
      throw new IllegalArgumentException();
    }
    return text.charAt(0);
  }

  /// Takes the usual form alone; the JDK would take `1-1-1-1-1` too.
  private static UUID uuid(String text) {
    var uuid = UUID.fromString(text);
    if (!uuid.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException();
    }
    return uuid;
  }
}
