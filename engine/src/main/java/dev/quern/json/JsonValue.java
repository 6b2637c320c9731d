package dev.quern.json;

/// A JSON value in memory. All values are immutable, and equal when they were written alike.
public sealed interface JsonValue
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {}
