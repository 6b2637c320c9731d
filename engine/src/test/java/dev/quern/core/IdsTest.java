package dev.quern.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.support.Trust;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdsTest {
  private static List<Long> from(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void ids_that_follow_one_another_are_a_range_in_whatever_order_they_come() {
    var shuffled = new ArrayList<>(from(100, 199));
    Collections.shuffle(shuffled, new Random(1));

    assertEquals(List.of(new Ids.Range(100, 199)), of(shuffled));
  }

  @Test
  void a_gap_makes_two_ranges() {
    var ids = new ArrayList<>(from(1, 100));
    ids.remove(50L);

    assertEquals(List.of(new Ids.Range(1, 49), new Ids.Range(51, 100)), of(ids));
  }

  @Test
  void one_id_is_a_range_too() {
    assertEquals(List.of(new Ids.Range(7, 7)), of(List.of(7L)));
  }

  @Test
  void scattered_ids_are_a_list() {
    assertEquals(List.of(new Ids.Listed("[1,3]")), of(List.of(3L, 1L)));
    var odd = LongStream.range(0, 50).map(i -> 2 * i).boxed().toList();
    assertEquals(List.of(new Ids.Listed(Columns.array(odd))), of(odd));
  }

  @Test
  void no_ids_are_no_condition() {
    assertEquals(List.of(), of(List.of()));
  }

  @Test
  void each_id_is_in_one_range_once_and_no_other_id_is() {
    var random = new Random(Trust.seed("IdsTest"));
    for (int i = 0; i < 1_000; i++) {
      var ids = scattered(random);
      var met = new ArrayList<Long>();
      for (Ids part : of(ids)) {
        switch (part) {
          case Ids.Range(long first, long last) -> met.addAll(from(first, last));
          case Ids.Listed(String array) -> met.addAll(new TreeSet<>(numbers(array)));
        }
      }
      assertEquals(List.copyOf(new TreeSet<>(ids)), met);
    }
  }

  private static List<Ids> of(List<Long> ids) {
    return Ids.of(ids.stream().mapToLong(Long::longValue).toArray());
  }

  private static List<Long> numbers(String array) {
    return Arrays.stream(array.replaceAll("[\\[\\]]", "").split(",")).map(Long::valueOf).toList();
  }

  /// Runs with gaps, some ids twice.
  private static List<Long> scattered(Random random) {
    var ids = new ArrayList<Long>();
    long next = 1;
    while (ids.size() < 200) {
      int run = 1 + random.nextInt(40);
      ids.addAll(from(next, next + run - 1));
      next += run + random.nextInt(3);
      if (random.nextInt(5) == 0) {
        ids.add(ids.get(random.nextInt(ids.size())));
      }
    }
    Collections.shuffle(ids, random);
    return ids;
  }
}
