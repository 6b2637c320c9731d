package dev.quern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The walls of the house: who may import whom, and where SQL stands.
class HouseTest {
  private static final Path MAIN = Path.of("src/main/java/dev/quern");
  private static final Set<String> ROOMS =
      Set.of("access", "artifact", "program", "run", "webhook", "worker");
  private static final Pattern IMPORT =
      Pattern.compile("(?:import (?:static )?|(?<![\\w.\\[\"]))dev\\.quern\\.(\\w+)\\.\\w");
  private static final Pattern SQL =
      Pattern.compile(
          "(?i)\"\\s*(select\\s[^\"]*\\sfrom|insert\\s[^\"]*into|update\\s[^\"]*\\sset|delete\\s+from|create\\s+table)\\s");

  /// What each floor may import, besides itself and the lobby.
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "json", Set.of(),
          "store", Set.of("json"),
          "core", Set.of("json", "store"),
          "access", Set.of("json", "store", "core"),
          "artifact", Set.of("json", "store", "core"),
          "program", Set.of("json", "store", "core"),
          "run", Set.of("json", "store", "core"),
          "webhook", Set.of("json", "store", "core"),
          "worker", Set.of("json", "store", "core"));

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static String floor(Path source) {
    Path inside = MAIN.relativize(source);
    return inside.getNameCount() == 1 ? "lobby" : inside.getName(0).toString();
  }

  private static List<String> imports(Path source) {
    return code(source)
        .lines()
        .flatMap(line -> IMPORT.matcher(line).results())
        .map(found -> found.group(1))
        .filter(name -> Character.isLowerCase(name.charAt(0)))
        .distinct()
        .toList();
  }

  private static String code(Path source) {
    try {
      return Files.readString(source).replaceAll("(?m)^\\s*///.*$", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void no_floor_imports_one_above_it_and_no_room_another_room() throws IOException {
    for (Path source : sources()) {
      String floor = floor(source);
      if (!floor.equals("lobby")) {
        for (String imported : imports(source)) {
          assertTrue(
              imported.equals(floor) || ALLOWED.get(floor).contains(imported),
              source + " imports " + imported);
        }
      }
    }
  }

  @Test
  void only_the_front_door_and_sealed_interfaces_name_rooms() throws IOException {
    for (Path source : sources()) {
      boolean names = imports(source).stream().anyMatch(ROOMS::contains);
      if (floor(source).equals("lobby") && names && !source.endsWith("Quern.java")) {
        assertTrue(code(source).contains("sealed interface"), source + " names a room");
      }
    }
  }

  @Test
  void sql_stands_in_tables_and_in_the_dialect_alone() throws IOException {
    List<Path> elsewhere =
        sources().stream()
            .filter(source -> !source.toString().endsWith("Table.java"))
            .filter(source -> !source.endsWith("Sqlite.java"))
            .filter(source -> SQL.matcher(code(source)).find())
            .toList();

    assertEquals(List.of(), elsewhere);
  }

  @Test
  void the_walls_are_looked_at_at_all() throws IOException {
    Path claims = MAIN.resolve("core/ClaimTable.java");

    assertTrue(imports(claims).contains("store"), "imports are found");
    assertTrue(SQL.matcher(code(claims)).find(), "SQL is found");
    assertTrue(sources().stream().map(HouseTest::floor).toList().containsAll(ALLOWED.keySet()));
  }
}
