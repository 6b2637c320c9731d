package dev.quern.core;

import dev.quern.Failure;
import dev.quern.json.Texts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How an attempt ended, as its worker says or as its end was noticed.
sealed interface Verdict {

  /// It ended well.
  ///
  /// @param result JSON text
  /// @param followUps enqueued with it
  record Done(Optional<String> result, List<Draft> followUps) implements Verdict {
    static final Done PLAIN = new Done(Optional.empty(), List.of());
  }

  /// It ended badly.
  ///
  /// @param retryAfter when to try again, where it is not the back-off of the kind
  record Failed(Failure failure, Optional<Duration> retryAfter) implements Verdict {
    Failed(Failure failure) {
      this(failure, Optional.empty());
    }
  }

  /// It cannot work now.
  record Deferred(Duration delay, String reason) implements Verdict {
    public Deferred {
      reason = Texts.cut(reason, Failure.MESSAGE_LIMIT);
    }
  }

  /// Its worker stops.
  record HandedBack() implements Verdict {
    static final HandedBack PLAIN = new HandedBack();
  }

  /// Its worker died or fell silent.
  record Lost(String reason) implements Verdict {}
}
