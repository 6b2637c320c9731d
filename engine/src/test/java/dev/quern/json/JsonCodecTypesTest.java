package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonCodecTypesTest {

  private final JsonCodec codec = new JsonCodec();

  static Stream<Arguments> scalars() {
    return Stream.of(
        arguments(String.class, "a\"b", "\"a\\\"b\""),
        arguments(Character.class, 'x', "\"x\""),
        arguments(char.class, 'x', "\"x\""),
        arguments(Boolean.class, true, "true"),
        arguments(boolean.class, false, "false"),
        arguments(Byte.class, Byte.MIN_VALUE, "-128"),
        arguments(byte.class, Byte.MAX_VALUE, "127"),
        arguments(Short.class, Short.MIN_VALUE, "-32768"),
        arguments(short.class, Short.MAX_VALUE, "32767"),
        arguments(Integer.class, Integer.MIN_VALUE, "-2147483648"),
        arguments(int.class, Integer.MAX_VALUE, "2147483647"),
        arguments(Long.class, Long.MIN_VALUE, "-9223372036854775808"),
        arguments(long.class, Long.MAX_VALUE, "9223372036854775807"),
        arguments(Double.class, 0.1, "0.1"),
        arguments(double.class, -1e300, "-1.0E300"),
        arguments(Float.class, 0.1f, "0.1"),
        arguments(float.class, 3e38f, "3.0E38"),
        arguments(BigDecimal.class, new BigDecimal("1.10"), "1.10"),
        arguments(BigDecimal.class, new BigDecimal("1e300"), "1E+300"),
        arguments(BigInteger.class, BigInteger.TWO.pow(70), "1180591620717411303424"),
        arguments(DayOfWeek.class, DayOfWeek.MONDAY, "\"MONDAY\""),
        arguments(
            UUID.class,
            UUID.fromString("7d444840-9dc0-11d1-b245-5ffdce74fad2"),
            "\"7d444840-9dc0-11d1-b245-5ffdce74fad2\""),
        arguments(URI.class, URI.create("https://a.example/b?c"), "\"https://a.example/b?c\""),
        arguments(Path.class, Path.of("a/b.txt"), "\"a/b.txt\""),
        arguments(ZoneId.class, ZoneId.of("Europe/Berlin"), "\"Europe/Berlin\""),
        arguments(ZoneOffset.class, ZoneOffset.ofHours(2), "\"+02:00\""),
        arguments(byte[].class, new byte[] {0, -1, 7}, "\"AP8H\""));
  }

  static Stream<Arguments> times() {
    return Stream.of(
        arguments(Instant.class, Instant.parse("2026-01-31T12:00:00.123456789Z")),
        arguments(Instant.class, Instant.MAX),
        arguments(Duration.class, Duration.parse("PT-1H30M0.5S")),
        arguments(Period.class, Period.of(1, -2, 3)),
        arguments(LocalDate.class, LocalDate.of(12026, 2, 28)),
        arguments(LocalTime.class, LocalTime.of(12, 0)),
        arguments(LocalDateTime.class, LocalDateTime.of(2026, 1, 31, 0, 0, 0, 1)),
        arguments(OffsetTime.class, OffsetTime.parse("12:00+01:00")),
        arguments(OffsetDateTime.class, OffsetDateTime.parse("2026-01-31T12:00-05:00")),
        arguments(
            ZonedDateTime.class, ZonedDateTime.parse("2026-10-25T02:30+02:00[Europe/Berlin]")),
        arguments(
            ZonedDateTime.class, ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]")),
        arguments(Year.class, Year.of(2026)),
        arguments(Year.class, Year.of(7)),
        arguments(Year.class, Year.of(12026)),
        arguments(YearMonth.class, YearMonth.of(2026, 1)),
        arguments(YearMonth.class, YearMonth.of(-12026, 12)),
        arguments(MonthDay.class, MonthDay.of(2, 29)));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void a_scalar_has_its_form(Class<?> type, Object value, String json) {
    assertEquals(json, codec.encode(value));
    assertArrayEquals(new Object[] {value}, new Object[] {codec.decode(json, type)});
  }

  @ParameterizedTest
  @MethodSource("times")
  void a_time_is_the_same_after_writing_and_reading(Class<?> type, Object value) {
    assertEquals(value, codec.decode(codec.encode(value), type));
  }

  @Test
  void times_are_iso_8601() {
    assertEquals("\"2026-01-31T12:00:00Z\"", codec.encode(Instant.parse("2026-01-31T12:00:00Z")));
    assertEquals("\"PT1H30M\"", codec.encode(Duration.ofMinutes(90)));
    assertEquals("\"2026\"", codec.encode(Year.of(2026)));
  }

  record Item(String sku, int count, BigDecimal price) {}

  record Order(UUID id, List<Item> items, Map<String, Item> named, Optional<String> note) {}

  @Test
  void a_record_is_an_object_of_its_components() {
    assertEquals(
        "{\"sku\":\"a-1\",\"count\":2,\"price\":9.90}",
        codec.encode(new Item("a-1", 2, new BigDecimal("9.90"))));
  }

  @Test
  void records_hold_records() {
    var item = new Item("a", 1, BigDecimal.TEN);
    var order = new Order(new UUID(1, 2), List.of(item, item), Map.of("b", item), Optional.of("n"));

    assertEquals(order, codec.decode(codec.encode(order), Order.class));
  }

  @Test
  void a_record_without_components_is_an_empty_object() {
    record Empty() {}

    assertEquals("{}", codec.encode(new Empty()));
    assertEquals(new Empty(), codec.decode("{\"more\":1}", Empty.class));
  }

  @Test
  void a_local_record_can_be_read_and_written() {
    record Point(int x, int y) {}

    assertEquals(new Point(1, -2), codec.decode("{\"y\":-2,\"x\":1}", Point.class));
  }

  private record Hidden(int... numbers) {}

  @Test
  void a_private_record_can_be_read_and_written() {
    assertEquals("{\"numbers\":[1,2]}", codec.encode(new Hidden(1, 2)));
    assertArrayEquals(
        new int[] {1, 2}, codec.decode("{\"numbers\":[1,2]}", Hidden.class).numbers());
  }

  record Tree(String name, List<Tree> children) {}

  @Test
  void a_record_may_hold_its_own_kind() {
    var tree = new Tree("a", List.of(new Tree("b", List.of()), new Tree("c", List.of())));

    assertEquals(tree, codec.decode(codec.encode(tree), Tree.class));
  }

  record Page<T>(List<T> rows, Optional<Page<T>> next) {}

  record Report(Page<Item> items, Page<? extends LocalDate> dates, Page<String>[] texts) {}

  @Test
  void type_parameters_are_followed() {
    var items = new Page<>(List.of(new Item("a", 1, BigDecimal.ONE)), Optional.empty());
    var dates = new Page<>(List.of(LocalDate.EPOCH), Optional.of(new Page<>(List.of(), null)));
    @SuppressWarnings("unchecked")
    var texts = (Page<String>[]) new Page<?>[] {new Page<>(List.of("x"), Optional.empty())};

    var read = codec.decode(codec.encode(new Report(items, dates, texts)), Report.class);

    assertEquals(items, read.items());
    assertEquals(List.of(LocalDate.EPOCH), read.dates().rows());
    assertArrayEquals(texts, read.texts());
  }

  record Defaults(
      Optional<String> text, Integer number, List<String> list, Map<String, Long> map) {}

  @Test
  void a_missing_reference_is_null_and_a_missing_optional_is_empty() {
    assertEquals(
        new Defaults(Optional.empty(), null, null, null), codec.decode("{}", Defaults.class));
  }

  @Test
  void a_null_reference_is_null_and_a_null_optional_is_empty() {
    String json = "{\"text\":null,\"number\":null,\"list\":null,\"map\":null}";

    var defaults = new Defaults(Optional.empty(), null, null, null);

    assertEquals(defaults, codec.decode(json, Defaults.class));
    assertEquals(json, codec.encode(defaults));
  }

  @Test
  void members_that_the_record_does_not_have_are_ignored() {
    String json = "{\"sku\":\"a\",\"count\":1,\"price\":2,\"colour\":{\"deep\":[1]}}";

    assertEquals(new Item("a", 1, BigDecimal.TWO), codec.decode(json, Item.class));
  }

  record Collections(
      Collection<Integer> collection,
      List<Integer> list,
      Set<Integer> set,
      SortedSet<Integer> sortedSet,
      ArrayList<Integer> arrayList,
      LinkedList<Integer> linkedList,
      HashSet<Integer> hashSet,
      LinkedHashSet<Integer> linkedHashSet,
      TreeSet<Integer> treeSet) {}

  @Test
  void collections_are_arrays() {
    var three = List.of(1, 2, 3);
    var all =
        new Collections(
            three,
            three,
            new LinkedHashSet<>(three),
            new TreeSet<>(three),
            new ArrayList<>(three),
            new LinkedList<>(three),
            new HashSet<>(three),
            new LinkedHashSet<>(three),
            new TreeSet<>(three));

    assertEquals(all, codec.decode(codec.encode(all), Collections.class));
  }

  @Test
  void a_deque_is_an_array() {
    record Stack(ArrayDeque<String> names) {}

    var names = codec.decode("{\"names\":[\"a\",\"b\"]}", Stack.class).names();

    assertEquals(List.of("a", "b"), List.copyOf(names));
  }

  @Test
  void sets_and_maps_keep_the_order_of_the_text() {
    record Ordered(Set<String> set, Map<String, Integer> map) {}

    var ordered =
        codec.decode("{\"set\":[\"z\",\"a\",\"m\"],\"map\":{\"z\":1,\"a\":2}}", Ordered.class);

    assertEquals(List.of("z", "a", "m"), List.copyOf(ordered.set()));
    assertEquals(List.of("z", "a"), List.copyOf(ordered.map().keySet()));
  }

  @Test
  void lists_and_maps_are_unmodifiable() {
    record Holder(List<String> list, Map<String, String> map) {}

    var holder = codec.decode("{\"list\":[],\"map\":{}}", Holder.class);

    assertThrows(UnsupportedOperationException.class, () -> holder.list().add("a"));
    assertThrows(UnsupportedOperationException.class, () -> holder.map().put("a", "b"));
  }

  @Test
  void elements_may_be_null() {
    record Holder(List<String> list) {}

    var holder = new Holder(Arrays.asList("a", null));

    assertEquals(holder, codec.decode(codec.encode(holder), Holder.class));
  }

  record Maps(
      Map<String, Integer> text,
      Map<DayOfWeek, List<String>> enums,
      SortedMap<Integer, String> ints,
      HashMap<Long, String> longs,
      TreeMap<BigDecimal, String> decimals,
      SequencedMap<UUID, String> uuids,
      LinkedHashMap<LocalDate, String> dates) {}

  @Test
  void maps_are_objects_whatever_their_keys_are() {
    var maps =
        new Maps(
            Map.of("a b", 1),
            Map.of(DayOfWeek.FRIDAY, List.of("x")),
            new TreeMap<>(Map.of(-1, "x", 2, "y")),
            new HashMap<>(Map.of(Long.MAX_VALUE, "x")),
            new TreeMap<>(Map.of(new BigDecimal("1.50"), "x")),
            new LinkedHashMap<>(Map.of(new UUID(3, 4), "x")),
            new LinkedHashMap<>(Map.of(LocalDate.EPOCH, "x")));

    assertEquals(maps, codec.decode(codec.encode(maps), Maps.class));
  }

  @Test
  void any_map_and_collection_can_be_written() {
    var map = new EnumMap<>(Map.of(DayOfWeek.SUNDAY, new ArrayDeque<>(List.of(1, 2))));

    assertEquals("{\"SUNDAY\":[1,2]}", codec.encode(map));
  }

  record Rows(int[] ints, double[] doubles, String[] texts, int[][] matrix, Item[] items) {}

  @Test
  void arrays_are_arrays() {
    var json =
        "{\"ints\":[1,2],\"doubles\":[0.5],\"texts\":[\"a\",null],\"matrix\":[[1],[]],"
            + "\"items\":[{\"sku\":\"a\",\"count\":1,\"price\":2}]}";

    var arrays = codec.decode(json, Rows.class);

    assertArrayEquals(new int[][] {{1}, {}}, arrays.matrix());
    assertEquals(json, codec.encode(arrays));
  }

  enum Rank {
    LOW,
    HIGH {
      @Override
      public String toString() {
        return "high!";
      }
    }
  }

  @Test
  void an_enum_is_the_name_of_its_constant() {
    assertEquals("[\"LOW\",\"HIGH\"]", codec.encode(Rank.values()));
    assertEquals(Rank.HIGH, codec.decode("\"HIGH\"", Rank.class));
  }

  record Raw(JsonValue any, JsonObject object) {}

  @Test
  void json_values_pass_through() {
    String json = "{\"any\":[1.00,null],\"object\":{\"a\":1}}";

    assertEquals(json, codec.encode(codec.decode(json, Raw.class)));
    assertEquals(json, codec.encode(Json.parse(json)));
  }

  @Test
  void a_json_null_stays_a_value() {
    assertEquals(
        new Raw(new JsonNull(), null), codec.decode("{\"any\":null,\"object\":null}", Raw.class));
  }

  @Test
  void an_object_is_read_as_plain_java() {
    var read = codec.decode("{\"a\":[1,1.5,12345678901234567890,\"x\",true,null]}", Object.class);

    var list =
        Arrays.asList(
            1L,
            new BigDecimal("1.5"),
            new BigDecimal("12345678901234567890"),
            "x",
            Boolean.TRUE,
            null);
    assertEquals(Map.of("a", list), read);
  }

  @Test
  void an_object_is_written_as_what_it_is() {
    record Holder(Object any) {}

    assertEquals("{\"any\":\"FRIDAY\"}", codec.encode(new Holder(DayOfWeek.FRIDAY)));
    assertEquals("{\"any\":[1,{\"any\":2}]}", codec.encode(new Holder(List.of(1, new Holder(2)))));
  }

  @Test
  void null_is_null() {
    assertEquals("null", codec.encode(null));
    assertNull(codec.decode("null", Item.class));
  }
}
