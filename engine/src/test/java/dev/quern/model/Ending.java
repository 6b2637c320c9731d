package dev.quern.model;

import dev.quern.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How an attempt ends.
sealed interface Ending {

  /// It ends well.
  record Done(Optional<String> result, List<Draft> followUps) implements Ending {
    static final Done PLAIN = new Done(Optional.empty(), List.of());
  }

  /// It ends badly; a handler may say when to try again.
  record Failed(Failure failure, Optional<Duration> retryAfter) implements Ending {
    Failed(Failure failure) {
      this(failure, Optional.empty());
    }
  }

  /// It asks for later.
  record Deferred(Duration delay, String reason) implements Ending {}

  /// It is given back.
  record HandedBack() implements Ending {}

  /// Its worker is gone.
  record Lost(String reason) implements Ending {}
}
