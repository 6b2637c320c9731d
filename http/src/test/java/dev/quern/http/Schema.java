package dev.quern.http;

import dev.quern.json.JsonArray;
import dev.quern.json.JsonBoolean;
import dev.quern.json.JsonNull;
import dev.quern.json.JsonNumber;
import dev.quern.json.JsonObject;
import dev.quern.json.JsonString;
import dev.quern.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// As much of JSON Schema as the description of the server uses.
///
/// @param document where references lead
record Schema(JsonObject document) {

  /// What of a value does not fit a schema.
  List<String> misfits(JsonObject schema, JsonValue value) {
    List<String> misfits = new ArrayList<>();
    look(resolved(schema), value, "$", misfits);
    return misfits;
  }

  /// A schema itself, where it is a reference.
  JsonObject resolved(JsonObject schema) {
    Optional<JsonValue> reference = schema.get("$ref");
    if (reference.isEmpty()) {
      return schema;
    }
    JsonObject at = document;
    for (String name : ((JsonString) reference.get()).value().substring(2).split("/")) {
      at = (JsonObject) at.get(name).orElseThrow(() -> new AssertionError(reference.get()));
    }
    return at;
  }

  private void look(JsonObject schema, JsonValue value, String path, List<String> misfits) {
    schema.get("oneOf").ifPresent(any -> oneOf((JsonArray) any, value, path, misfits));
    schema
        .get("type")
        .filter(type -> types(type).stream().noneMatch(name -> is(name, value)))
        .ifPresent(type -> misfits.add(path + " is no " + types(type)));
    schema
        .get("enum")
        .filter(
            all -> value != null && !isNull(value) && !((JsonArray) all).elements().contains(value))
        .ifPresent(all -> misfits.add(path + " is none of " + all));
    schema
        .get("format")
        .filter(_ -> value instanceof JsonString)
        .ifPresent(_ -> Instant.parse(((JsonString) value).value()));
    if (value instanceof JsonObject object) {
      members(schema, object, path, misfits);
    } else if (value instanceof JsonArray array && schema.get("items").isPresent()) {
      JsonObject items = resolved((JsonObject) schema.get("items").get());
      array.elements().forEach(each -> look(items, each, path + "[]", misfits));
    }
  }

  private void oneOf(JsonArray any, JsonValue value, String path, List<String> misfits) {
    long fits =
        any.elements().stream()
            .filter(schema -> misfits((JsonObject) schema, value).isEmpty())
            .count();
    if (fits != 1) {
      misfits.add(path + " fits " + fits + " of " + any.elements().size());
    }
  }

  private void members(JsonObject schema, JsonObject object, String path, List<String> misfits) {
    Map<String, JsonValue> known =
        schema.get("properties").map(all -> ((JsonObject) all).members()).orElse(Map.of());
    schema
        .get("required")
        .ifPresent(names ->
            types(names).stream()
                .filter(name -> object.get(name).isEmpty())
                .forEach(name -> misfits.add(path + " lacks " + name)));
    object
        .members()
        .forEach((name, value) -> {
          if (known.containsKey(name)) {
            look(resolved((JsonObject) known.get(name)), value, path + "." + name, misfits);
          } else {
            more(schema, name, value, path, misfits);
          }
        });
  }

  private void more(
      JsonObject schema, String name, JsonValue value, String path, List<String> misfits) {
    Optional<JsonValue> others = schema.get("additionalProperties");
    if (others.isPresent() && others.get() instanceof JsonObject each) {
      look(resolved(each), value, path + "." + name, misfits);
    } else if (others.isPresent()) {
      misfits.add(path + " has an unknown " + name);
    }
  }

  private static List<String> types(JsonValue type) {
    return type instanceof JsonArray array
        ? array.elements().stream().map(each -> ((JsonString) each).value()).toList()
        : List.of(((JsonString) type).value());
  }

  private static boolean isNull(JsonValue value) {
    return value instanceof JsonNull;
  }

  private static boolean is(String type, JsonValue value) {
    return switch (type) {
      case "object" -> value instanceof JsonObject;
      case "array" -> value instanceof JsonArray;
      case "string" -> value instanceof JsonString;
      case "boolean" -> value instanceof JsonBoolean;
      case "number" -> value instanceof JsonNumber;
      case "integer" -> value instanceof JsonNumber number && number.text().matches("-?\\d+");
      default -> value instanceof JsonNull;
    };
  }
}
