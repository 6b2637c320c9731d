package dev.quern.json;

import java.util.concurrent.ThreadLocalRandom;

/// The names that the objects of a text have, as a hash table of places in the text.
///
/// The hash depends on a number that is drawn when the process starts, so that nobody can make a
/// text whose names all collide.
final class Names {

  private static final long MULTIPLIER = ThreadLocalRandom.current().nextLong() | 1;
  private static final int FIRST_SIZE_LOG2 = 5;
  private static final long[] NONE = {};

  private final String text;

  /// A slot holds the place of the object in its upper half and that of the name in its lower half;
  /// 0 is a free slot, since a name never is at 0.
  private long[] slots = NONE;

  private int sizeLog2 = FIRST_SIZE_LOG2 - 1;
  private int count;

  Names(String text) {
    this.text = text;
  }

  /// Adds the name whose opening quote is at `name` to the object that opens at `object`.
  ///
  /// @return false if the object has that name already
  boolean add(int object, int name) {
    if (count * 2 >= slots.length) {
      grow();
    }
    int slot = slotOf(object, name);
    if (slots[slot] != 0) {
      return false;
    }
    slots[slot] = entry(object, name);
    count++;
    return true;
  }

  private void grow() {
    var smaller = slots;
    sizeLog2++;
    slots = new long[1 << sizeLog2];
    for (long entry : smaller) {
      if (entry != 0) {
        slots[slotOf(objectOf(entry), nameOf(entry))] = entry;
      }
    }
  }

  /// The slot that has this name of this object, or else the free slot for it.
  private int slotOf(int object, int name) {
    int slot = (int) (hash(object, name) >>> (Long.SIZE - sizeLog2));
    while (slots[slot] != 0 && !holds(slots[slot], object, name)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private long hash(int object, int name) {
    long hash = object * MULTIPLIER;
    for (int at = name + 1; text.charAt(at) != '"'; at = Escapes.next(text, at)) {
      hash = (hash + Escapes.unit(text, at)) * MULTIPLIER;
    }
    return hash;
  }

  private boolean holds(long entry, int object, int name) {
    return objectOf(entry) == object && same(nameOf(entry) + 1, name + 1);
  }

  private boolean same(int one, int other) {
    while (text.charAt(one) != '"' && text.charAt(other) != '"') {
      if (Escapes.unit(text, one) != Escapes.unit(text, other)) {
        return false;
      }
      one = Escapes.next(text, one);
      other = Escapes.next(text, other);
    }
    return text.charAt(one) == text.charAt(other);
  }

  private static long entry(int object, int name) {
    return (long) object << Integer.SIZE | name;
  }

  private static int objectOf(long entry) {
    return (int) (entry >>> Integer.SIZE);
  }

  private static int nameOf(long entry) {
    return (int) entry;
  }
}
