package dev.quern.json;

/// A shape whose values can also be the keys of a map: the names in a JSON object.
interface KeyShape extends Shape {

  String nameOf(Object key);

  Object keyOf(String name);
}
