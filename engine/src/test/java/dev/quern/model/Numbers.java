package dev.quern.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/// The ids of an engine's jobs in the order in which they were added: numbers without gaps.
final class Numbers {
  private static final Pattern JOB = Pattern.compile("(?<=job, )\\d+");
  private static final long NO_ID = 0;

  private final List<Long> ids = new ArrayList<>();

  /// Gives the next number to an id, which must be larger than all before.
  void add(long id) {
    if (!isNew(id)) {
      throw new AssertionError(
          "the new job %d has no larger id than %s".formatted(id, ids.getLast()));
    }
    ids.add(id);
  }

  boolean isNew(long id) {
    return ids.isEmpty() || id > ids.getLast();
  }

  int last() {
    return ids.size();
  }

  void forgetAfter(int number) {
    ids.subList(number, ids.size()).clear();
  }

  long id(int number) {
    return number == 0 ? NO_ID : ids.get(number - 1);
  }

  int of(long id) {
    return id == NO_ID ? 0 : Collections.binarySearch(ids, id) + 1;
  }

  /// A text with the id in it replaced by its number.
  String in(String text) {
    return JOB.matcher(text).replaceAll(id -> String.valueOf(of(Long.parseLong(id.group()))));
  }
}
