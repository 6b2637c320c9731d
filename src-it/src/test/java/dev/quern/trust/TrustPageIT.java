package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TrustPage;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// What is published of the long run is what it found.
class TrustPageIT {
  @Test
  void the_page_is_made_of_the_findings() throws IOException {
    assertEquals(TrustPage.text(), Files.readString(TrustPage.file()));
  }

  @Test
  void no_finding_has_a_lost_or_an_unexpected_job() throws IOException {
    assertTrue(TrustPage.text().contains(": 0 lost, 0 unexpected,"), TrustPage.text());
  }
}
