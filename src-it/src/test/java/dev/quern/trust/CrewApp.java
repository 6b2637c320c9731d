package dev.quern.trust;

import dev.quern.Backoff;
import dev.quern.JobEvent;
import dev.quern.JobState;
import dev.quern.Quern;
import dev.quern.QuernConfig;
import dev.quern.StoreException;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/// An application of a [Crew]: one of several processes that enqueue and handle jobs in the same
/// database. It says on standard output what it asked, was told and did, for the [Books].
///
/// It says `ready`, and begins when it reads `go`; `one TOKEN` makes it begin to handle, with this
/// job. When it reads `stop`, it stops to produce; at the end of its input it waits until all jobs
/// have ended, says how it fared, and ends.
///
/// | line | meaning |
/// |---|---|
/// | `try TOKEN…` | is about to enqueue these, together |
/// | `ack TOKEN ID new` | was told that this job is there |
/// | `ack TOKEN ID KEY` | was told that this job has the dedupe key already |
/// | `run ID FENCE ACTION` | a handler has begun |
/// | `told ID FENCE` | a handler was interrupted |
/// | `end ID FENCE STATE` | was told that the job has ended |
/// | `held ID FENCE` | has claimed a job by hand |
/// | `answer ID FENCE WORD HELD` | was answered so when it used a lease claimed by hand |
/// | `busy` | was told that the lock was held for too long |
/// | `stat …` | how it fared |
final class CrewApp {
  static final String KIND = "job";
  static final String BY_HAND = "hand";

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private final Map<String, String> options = new HashMap<>();
  private final Quern quern;
  private final Path file;
  private final List<Thread> busy = new ArrayList<>();
  private volatile boolean producing = true;

  private CrewApp(String[] args) {
    file = Path.of(args[0]);
    for (String arg : List.of(args).subList(1, args.length)) {
      options.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    quern = Quern.open(file, config());
    if (options.containsKey("hook")) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }
  }

  /// Takes the database, and options such as `producers=2`.
  public static void main(String[] args) throws Exception {
    try {
      new CrewApp(args).live();
    } catch (StoreException.Busy fault) {
      say("busy " + fault.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  private QuernConfig config() {
    Duration kept = millis("retention", 86_400_000);
    return QuernConfig.DEFAULT
        .lease(millis("lease", 60_000))
        .grace(millis("grace", 10_000))
        .busyTimeout(millis("busy", 30_000))
        .retention(Map.of(JobState.DONE, kept, JobState.FAILED, kept))
        .concurrency(number("concurrency", 8));
  }

  String text(String option) {
    return options.getOrDefault(option, "");
  }

  int number(String option, int otherwise) {
    return Integer.parseInt(options.getOrDefault(option, Integer.toString(otherwise)));
  }

  private Duration millis(String option, int otherwise) {
    return Duration.ofMillis(number(option, otherwise));
  }

  /// One write, so that a kill leaves no half of it.
  static void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- life

  private void live() throws Exception {
    AppTables tables = AppTables.connect(file);
    handle(new CrewHandlers(quern, tables, number("long", 60_000)));
    CrewProducer producer = new CrewProducer(quern, tables, this);
    say("ready");
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      obey(line, producer);
    }
    stop();
    awaitEnd();
    producer.tell();
    say("stat left " + quern.running().size());
    close();
  }

  private void obey(String line, CrewProducer producer) throws InterruptedException {
    switch (line.split(" ")[0]) {
      case "one" -> {
        producer.enqueueOne(line.substring("one ".length()));
        quern.start();
      }
      case "go" -> begin(producer);
      case "stop" -> stop();
      case "close" -> closeOften();
      default -> throw new IllegalArgumentException(line);
    }
  }

  /// Closes from several threads at once.
  private void closeOften() {
    for (int i = 0; i < 3; i++) {
      Thread.ofPlatform().start(this::close);
    }
    close();
    say("closed");
  }

  private void begin(CrewProducer producer) {
    quern.start();
    for (int i = 0; i < number("producers", 1); i++) {
      int number = i;
      busy.add(Thread.ofVirtual().start(() -> producer.produce(number)));
    }
    for (int i = 0; i < number("hands", 0); i++) {
      busy.add(Thread.ofPlatform().start(new HandWorker(quern, this::producing)));
    }
  }

  boolean producing() {
    return producing;
  }

  private void stop() throws InterruptedException {
    producing = false;
    for (Thread thread : busy) {
      thread.join();
    }
  }

  private void close() {
    quern.close();
  }

  private void awaitEnd() throws InterruptedException {
    while (live(quern) > 0) {
      Thread.sleep(20);
    }
  }

  private static long live(Quern quern) {
    return quern.jobs().counts().byKind().values().stream()
        .flatMap(states -> states.entrySet().stream())
        .filter(count -> count.getKey().live())
        .mapToLong(Entry::getValue)
        .sum();
  }

  private void handle(CrewHandlers handlers) {
    for (String kind : List.of(KIND, BY_HAND)) {
      quern
          .kinds()
          .policy(
              kind,
              policy ->
                  policy
                      .backoff(Backoff.constant(Duration.ofMillis(10)))
                      .maxAttempts(kind.equals(KIND) ? 2 : 1_000_000)
                      .maxLosses(1_000_000));
    }
    quern.listen(CrewApp::tell);
    if (number("handles", 1) == 1) {
      quern.handle(KIND, String.class, handlers::handle);
    }
  }

  private static void tell(JobEvent event) {
    if (event.state().ended()) {
      say("end %d %d %s".formatted(event.jobId(), event.fence(), event.state().label()));
    }
  }
}
