package dev.quern.bench;

import dev.quern.Quern;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingStream;

/// The statements that this process runs, counted by JDK Flight Recorder's event
/// `jdk.MethodTiming`: all of them, and those among them that only look whether somebody else has
/// committed.
final class Statements {
  private static final String LOOK = "dev.quern.store.Tx::dataVersion";
  private static final String QUERY = "org.sqlite.jdbc3.JDBC3PreparedStatement::executeQuery";
  private static final String UPDATE = "org.sqlite.jdbc3.JDBC3PreparedStatement::executeUpdate";

  private Statements() {}

  /// How many there are in so many idle seconds. To show that nothing is missed, the same count is
  /// made once more, with one query on the table of jobs.
  static Measurement counted(Quern quern, int seconds) throws InterruptedException {
    Map<String, Long> idle = count(() -> {}, seconds);
    Map<String, Long> control = count(() -> quern.jobs().get(1), 1);
    if (others(control) < 1) {
      throw new IllegalStateException("a query was not counted: " + control);
    }
    return Measurement.of(
        "IdleBench.statements",
        Map.of("seconds", Integer.toString(seconds)),
        new Reading("others", "", others(idle)),
        new Reading("othersWhenOneQueryIsMade", "", others(control)),
        new Reading("dataVersionPolls", "", idle.getOrDefault(LOOK, 0L)));
  }

  private static Map<String, Long> count(Runnable work, int seconds) throws InterruptedException {
    Map<String, Long> calls = new ConcurrentHashMap<>();
    try (RecordingStream stream = new RecordingStream()) {
      stream
          .enable("jdk.MethodTiming")
          .with("filter", String.join(";", LOOK, QUERY, UPDATE))
          .withPeriod(Duration.ofMillis(500));
      stream.onEvent(
          "jdk.MethodTiming", event -> calls.merge(name(event), calls(event), Math::max));
      stream.startAsync();
      work.run();
      Thread.sleep(seconds * 1_000L);
      stream.stop();
    }
    return calls;
  }

  /// A poll is a statement, too; one may be under way while the counts are taken.
  private static long others(Map<String, Long> calls) {
    long statements = calls.getOrDefault(QUERY, 0L) + calls.getOrDefault(UPDATE, 0L);
    return statements - calls.getOrDefault(LOOK, 0L);
  }

  private static String name(RecordedEvent event) {
    RecordedMethod method = event.getValue("method");
    return method.getType().getName() + "::" + method.getName();
  }

  private static long calls(RecordedEvent event) {
    return event.getLong("invocations");
  }
}
