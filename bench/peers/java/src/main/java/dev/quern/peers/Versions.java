package dev.quern.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The versions that the pom names.
final class Versions {
  private static final Properties ALL = load();

  private Versions() {}

  static String of(String artifact) {
    return ALL.getProperty(artifact);
  }

  private static Properties load() {
    Properties versions = new Properties();
    try (InputStream stream = Versions.class.getResourceAsStream("/versions.properties")) {
      versions.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }
}
