package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.NewJob;
import dev.quern.Quern;
import dev.quern.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  @TempDir private Path directory;

  private Path file() {
    return directory.resolve("app.db");
  }

  private List<String> others() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(name -> !name.startsWith("app.db"))
          .toList();
    }
  }

  @Test
  void a_backup_leaves_nothing_else_behind() throws IOException {
    try (Quern quern = Quern.open(file())) {
      quern.enqueue(NewJob.json("a", "1"));
      quern.backup(directory.resolve("copy.db"));
    }

    assertEquals(List.of("copy.db"), others());
  }

  @Test
  void a_backup_that_fails_leaves_nothing_behind_and_names_its_target() throws IOException {
    try (Quern quern = Quern.open(file())) {
      Path target = directory.resolve("missing").resolve("copy.db");

      StoreException refusal =
          assertThrows(StoreException.Unusable.class, () -> quern.backup(target));

      assertTrue(
          refusal.getMessage().startsWith(target + " cannot be written"), refusal.getMessage());
      assertTrue(quern.unusable().isEmpty());
    }
    assertEquals(List.of(), others());
  }

  @Test
  void a_file_that_is_there_is_left_alone() throws IOException {
    Path target = Files.writeString(directory.resolve("copy.db"), "precious");
    byte[] before = Files.readAllBytes(target);
    try (Quern quern = Quern.open(file())) {
      assertThrows(IllegalArgumentException.class, () -> quern.backup(target));
    }

    assertArrayEquals(before, Files.readAllBytes(target));
    assertEquals(List.of("copy.db"), others());
  }
}
