package dev.quern.trust;

import dev.quern.Quern;
import dev.quern.StoreException;
import dev.quern.support.Finding.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Puts images of disks into a directory, opens the database in them, and holds it against what had
/// been told. For one thread.
final class ImageCheck {
  private static final int IDLE_ROUNDS = 3;
  private static final int ROUNDS_LIMIT = 1_000;

  private final Path directory;
  private final String file;
  private Instant now = Instant.now();

  /// What was found in an image.
  ///
  /// @param store the identity of the store
  /// @param corrupt whether SQLite could not read it
  record Found(String store, List<String> faults, Verdict verdict, boolean corrupt) {}

  ImageCheck(Path directory, String name) {
    this.directory = directory;
    this.file = directory.resolve(name).toString();
  }

  /// Looks at an image with SQLite, which recovers it.
  Found look(Map<String, Content> image, Told told) throws IOException {
    put(image);
    return compare(told, false);
  }

  /// Lets an engine recover an image and do all that is left to do.
  Found run(Map<String, Content> image, Told told) throws IOException {
    put(image);
    List<String> again = new ArrayList<>();
    try {
      drain(line -> again.addAll(runsOfEnded(line, told)));
    } catch (StoreException fault) {
      return corrupt(fault);
    }
    Found found = compare(told, true);
    found.faults().addAll(again);
    return found;
  }

  private Found compare(Told told, boolean settled) {
    try {
      Look look = Look.at(file);
      Told.Comparison made = told.compare(look, settled);
      return new Found(look.store(), made.faults(), made.verdict(), false);
    } catch (SQLException fault) {
      return corrupt(fault);
    }
  }

  private static Found corrupt(Exception fault) {
    List<String> faults = new ArrayList<>(List.of("corrupt: " + fault));
    return new Found("", faults, Verdict.CLEAN, true);
  }

  private static List<String> runsOfEnded(String line, Told told) {
    String[] words = line.split(" ");
    long id = Long.parseLong(words[1]);
    return words[0].equals("run") && told.ended(id)
        ? List.of("job " + id + " runs again after its end")
        : List.of();
  }

  /// What it takes is over when nothing has happened for some seconds of the engine's clock.
  private void drain(Consumer<String> say) {
    Duties duties = new Duties(file, "&synchronous=FULL", say);
    try (Quern quern = Quern.manual(Path.of(file), () -> now)) {
      Duties.policy(quern);
      duties.handle(quern);
      quern.start();
      int idle = 0;
      for (int round = 0; idle < IDLE_ROUNDS && round < ROUNDS_LIMIT; round++) {
        idle = quern.tick() == 0 ? idle + 1 : 0;
        now = now.plusSeconds(1);
      }
    }
  }

  private void put(Map<String, Content> image) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(found -> !image.containsKey(found.getFileName().toString()))
          .forEach(found -> found.toFile().delete());
    }
    for (Map.Entry<String, Content> part : image.entrySet()) {
      try (OutputStream out = Files.newOutputStream(directory.resolve(part.getKey()))) {
        out.write(part.getValue().bytes(), 0, part.getValue().length());
      }
    }
  }
}
