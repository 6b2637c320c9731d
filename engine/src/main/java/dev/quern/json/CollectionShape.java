package dev.quern.json;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedCollection;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// A collection: any can be written, those of the JDK can be read.
final class CollectionShape implements Shape {

  private static final Map<Class<?>, Function<List<Object>, Collection<Object>>> MAKERS =
      Map.ofEntries(
          Map.entry(Collection.class, Collections::unmodifiableList),
          Map.entry(SequencedCollection.class, Collections::unmodifiableList),
          Map.entry(List.class, Collections::unmodifiableList),
          Map.entry(Set.class, CollectionShape::unmodifiableSet),
          Map.entry(SequencedSet.class, CollectionShape::unmodifiableSet),
          Map.entry(SortedSet.class, CollectionShape::unmodifiableSortedSet),
          Map.entry(NavigableSet.class, CollectionShape::unmodifiableSortedSet),
          Map.entry(ArrayList.class, list -> list),
          Map.entry(LinkedList.class, LinkedList::new),
          Map.entry(ArrayDeque.class, ArrayDeque::new),
          Map.entry(HashSet.class, HashSet::new),
          Map.entry(LinkedHashSet.class, LinkedHashSet::new),
          Map.entry(TreeSet.class, TreeSet::new));

  private final TypeRef type;
  private final Shape element;

  private CollectionShape(TypeRef type, Shape element) {
    this.type = type;
    this.element = element;
  }

  /// A class that is not known here may have other type parameters than that of its elements, so
  /// these are written as what they are.
  static CollectionShape of(TypeRef type, Planner planner) {
    boolean known = MAKERS.containsKey(type.raw());
    return new CollectionShape(type, planner.shapeOf(known ? type.argument(0) : TypeRef.OBJECT));
  }

  /// Reads the elements of an array.
  static List<Object> elements(JsonValue json, Shape element) {
    if (!(json instanceof JsonArray array)) {
      throw Misfit.expected("an array", json);
    }
    var elements = new ArrayList<>(array.elements().size());
    try {
      for (var value : array.elements()) {
        elements.add(element.readOrNull(value));
      }
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inElement(elements.size());
    }
    return elements;
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginArray();
    int index = 0;
    try {
      for (var member : (Collection<?>) value) {
        element.writeOrNull(member, out);
        index++;
      }
    } catch (IllegalArgumentException e) {
      throw Misfit.of(e).inElement(index);
    }
    out.endArray();
  }

  @Override
  public Object read(JsonValue json) {
    var maker = MAKERS.get(type.raw());
    if (maker == null) {
      throw new Misfit("cannot make a " + type + ": use List or Set");
    }
    var elements = elements(json, element);
    try {
      return maker.apply(elements);
    } catch (ClassCastException | NullPointerException e) {
      throw new Misfit("cannot make a " + type + ": " + e.getMessage());
    }
  }

  private static Collection<Object> unmodifiableSet(List<Object> elements) {
    return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(elements));
  }

  private static Collection<Object> unmodifiableSortedSet(List<Object> elements) {
    return Collections.unmodifiableNavigableSet(new TreeSet<>(elements));
  }
}
