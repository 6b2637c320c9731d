package dev.quern.bench;

import dev.quern.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A file of results: an object with the machine, and the results in the shape that JMH writes.
///
/// @param quick whether it was a quick run
record Results(Machine machine, boolean quick, List<Measurement> results) {
  private static final JsonCodec CODEC = new JsonCodec();

  static Optional<Results> read(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(CODEC.decode(Files.readString(file), Results.class))
        : Optional.empty();
  }

  /// Writes it with a line for each result, so that changes can be read.
  void write(Path file) throws IOException {
    String lines = results.stream().map(CODEC::encode).collect(Collectors.joining(",\n"));
    Files.writeString(
        file,
        "{\"machine\":%s,\n\"quick\":%s,\n\"results\":[\n%s\n]}\n"
            .formatted(CODEC.encode(machine), quick, lines));
  }
}
