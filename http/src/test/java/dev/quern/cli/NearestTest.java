package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NearestTest {
  @Test
  void letters_added_dropped_changed_and_swapped_each_count_one() {
    assertEquals(0, Nearest.distance("jobs", "jobs"));
    assertEquals(1, Nearest.distance("jobs", "job"));
    assertEquals(1, Nearest.distance("jobs", "jobss"));
    assertEquals(1, Nearest.distance("jobs", "jabs"));
    assertEquals(1, Nearest.distance("jobs", "jbos"));
    assertEquals(4, Nearest.distance("jobs", ""));
  }

  @Test
  void the_nearest_word_is_found_and_a_far_one_is_not() {
    List<String> known = List.of("jobs", "show", "retry", "cancel");

    assertEquals(Optional.of("retry"), Nearest.of("rety", known));
    assertEquals(Optional.of("cancel"), Nearest.of("cancle", known));
    assertEquals(Optional.empty(), Nearest.of("frobnicate", known));
  }
}
