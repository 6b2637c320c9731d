package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SlicesTest {
  @Test
  void members_are_as_they_were_written() {
    Map<String, String> members =
        Slices.members(
            " { \"a\" : 1.50 , \"b\\u0041\":\"x\\\"}\\\\\",\n\"c\":{ \"d\" : [ ] }, \"e\":[\"]\"],\"f\":null}");

    assertEquals(List.of("a", "bA", "c", "e", "f"), List.copyOf(members.keySet()));
    assertEquals(
        List.of(" 1.50 ", "\"x\\\"}\\\\\"", "{ \"d\" : [ ] }", "[\"]\"]", "null"),
        List.copyOf(members.values()));
  }

  @Test
  void elements_are_as_they_were_written() {
    assertEquals(List.of(), Slices.elements(" [ ] "));
    assertEquals(
        List.of("true ", "[1, 2]", "\t{\"a\": \"[\"} ", " -1e5"),
        Slices.elements("[true ,[1, 2],\t{\"a\": \"[\"} , -1e5]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "1", "\"{}\"", "null"})
  void what_is_no_object_has_no_members(String text) {
    assertThrows(IllegalArgumentException.class, () -> Slices.members(text));
  }
}
