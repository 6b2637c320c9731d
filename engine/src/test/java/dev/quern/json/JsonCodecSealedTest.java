package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonCodecSealedTest {

  sealed interface Shape permits Circle, Angular {}

  record Circle(int radius) implements Shape {}

  sealed interface Angular extends Shape {}

  record Square(int side) implements Angular {}

  record Group(List<Shape> members) implements Angular {}

  record Drawing(Shape main, Optional<Angular> frame) {}

  private final JsonCodec codec = new JsonCodec();

  @Test
  void a_permitted_record_begins_with_its_simple_name() {
    assertEquals("{\"type\":\"Circle\",\"radius\":2}", codec.encode(new Circle(2)));
    assertEquals(
        "{\"main\":{\"type\":\"Square\",\"side\":1},\"frame\":null}",
        codec.encode(new Drawing(new Square(1), Optional.empty())));
  }

  @Test
  void a_record_is_found_by_its_name_wherever_that_stands() {
    assertEquals(new Circle(2), codec.decode("{\"radius\":2,\"type\":\"Circle\"}", Shape.class));
  }

  @Test
  void records_below_other_sealed_interfaces_are_found_too() {
    var drawing =
        new Drawing(new Group(List.of(new Circle(1), new Square(2))), Optional.of(new Square(3)));

    assertEquals(drawing, codec.decode(codec.encode(drawing), Drawing.class));
  }

  @Test
  void what_was_written_as_a_record_is_read_as_its_interface() {
    assertEquals(new Square(1), codec.decode(codec.encode(new Square(1)), Shape.class));
  }

  @Test
  void a_record_is_read_by_its_own_class_without_a_name() {
    assertEquals(new Circle(2), codec.decode("{\"radius\":2}", Circle.class));
  }

  sealed interface Result<T> permits Good, Bad {}

  record Good<V>(V value) implements Result<V> {}

  record Bad<T>(String reason) implements Result<T> {}

  record Answers(List<Result<Circle>> results) {}

  @Test
  void type_parameters_go_down_to_the_records() {
    var answers = new Answers(List.of(new Good<>(new Circle(1)), new Bad<>("no")));

    assertEquals(answers, codec.decode(codec.encode(answers), Answers.class));
  }

  @Test
  void an_unknown_name_is_an_error() {
    assertFails(
        "$.main.type: expected Circle or Group or Square but found \"Hexagon\"",
        "{\"main\":{\"type\":\"Hexagon\"}}",
        Drawing.class);
  }

  @Test
  void a_name_that_is_no_string_is_an_error() {
    assertFails(
        "$.type: expected Circle or Group or Square but found 1", "{\"type\":1}", Shape.class);
  }

  @Test
  void a_missing_name_is_an_error() {
    assertFails(
        "$: the member type is missing: expected Circle or Group or Square",
        "{\"radius\":1}",
        Shape.class);
  }

  @Test
  void a_permitted_record_must_be_in_its_own_hierarchy() {
    assertFails(
        "$.frame.type: expected Group or Square but found \"Circle\"",
        "{\"frame\":{\"type\":\"Circle\",\"radius\":1}}",
        Drawing.class);
  }

  sealed interface Ticket {}

  record Bug(String type) implements Ticket {}

  @Test
  void a_component_must_not_be_called_type() {
    assertFails(
        "$: record %s has a component called type, which is the member that tells it from the"
                .formatted(Bug.class.getName())
            + " others of its sealed interface",
        "{}",
        Ticket.class);
  }

  @Test
  void by_itself_such_a_record_can_be_used() {
    assertEquals("{\"type\":\"x\"}", codec.encode(new Bug("x")));
    assertEquals(new Bug("x"), codec.decode("{\"type\":\"x\"}", Bug.class));
  }

  sealed interface Twins {}

  static final class Left {
    record Twin() implements Twins {}
  }

  static final class Right {
    record Twin() implements Twins {}
  }

  @Test
  void simple_names_must_differ() {
    assertFails(
        "$: %s permits two records called Twin".formatted(Twins.class.getName()),
        "{}",
        Twins.class);
  }

  sealed interface Open {}

  static final class Plain implements Open {}

  @Test
  void only_records_may_be_permitted() {
    assertFails(
        "$: %s permits %s, which is neither a record nor a sealed interface"
            .formatted(Open.class.getName(), Plain.class.getName()),
        "{}",
        Open.class);
  }

  private void assertFails(String message, String json, Class<?> type) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> codec.decode(json, type));
    assertEquals(message, refusal.getMessage());
  }
}
