package dev.quern.json;

import dev.quern.PayloadCodec;

/// The codec for plain Java values. It may be used by several threads, and all instances are alike.
///
/// | Java | JSON |
/// |---|---|
/// | record | object with the names of the components |
/// | record that a sealed interface permits | the same, first a member `type`: its simple name |
/// | sealed interface, whose records may be below other sealed interfaces | one of its records |
/// | `String`, `char` | string |
/// | `boolean` | `true` or `false` |
/// | `byte`, `short`, `int`, `long`, `float`, `double`, `BigInteger`, `BigDecimal` | number |
/// | enum | string, its `name()` |
/// | `UUID`, `URI`, `Path`, `ZoneId`, what `java.time` writes in ISO-8601 | string |
/// | `byte[]` | string, base64 |
/// | array, `Collection` | array |
/// | `Map` whose keys JSON writes as strings or numbers | object |
/// | `Optional` | its value or `null` |
/// | [JsonValue] | itself |
/// | `Object` | written as what it is; read as `Map`, `List`, `String`, `Boolean`, `Long` or, for |
/// | | other numbers, `BigDecimal` |
///
/// Reading is strict about values and lenient about members, so that records can grow. A member
/// that the record does not have is ignored. A member that is missing, or `null`, gives an empty
/// `Optional` or a `null` reference, which the record's constructor may replace or refuse; it is an
/// error where the component is primitive. A number never loses its fraction or its upper bits to
/// fit a whole type. Lists, sets and maps that are read are unmodifiable and keep the order of the
/// text, unless the component asks for a class such as `ArrayList`.
///
/// Errors are [IllegalArgumentException]s that name the path: `$.items[3].price: expected a number
/// but found "abc"`. So are exceptions from the constructors of records. Records need not be
/// public, but a named module must open their package: `opens com.acme.orders to dev.quern`.
public final class JsonCodec implements PayloadCodec {

  private static final int USUAL_LENGTH = 256;

  /// A codec without settings.
  public JsonCodec() {}

  @Override
  public String encode(Object value) {
    var text = new StringBuilder(USUAL_LENGTH);
    try {
      AnyShape.ANY.writeOrNull(value, new JsonWriter(text));
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).atRoot();
    }
    return text.toString();
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> T decode(String json, Class<T> type) {
    var value = Json.parse(json);
    try {
      return (T) Plans.of(type).readOrNull(value);
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).atRoot();
    }
  }
}
