package dev.quern.support;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Keeps the engine from logging during a test that breaks things thousands of times.
public final class Quiet implements BeforeEachCallback, AfterEachCallback {
  private static final Logger ENGINE = Logger.getLogger("dev.quern");

  @Override
  public void beforeEach(ExtensionContext context) {
    ENGINE.setLevel(Level.OFF);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ENGINE.setLevel(null);
  }
}
