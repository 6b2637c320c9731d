package dev.quern.trust;

import dev.quern.trust.DiskArm.Error;
import dev.quern.trust.DiskArm.Fault;
import dev.quern.trust.DiskArm.How;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Lets the n-th operation on the disk fail, for one n after the other, each in a life of its own
/// of an application ([FaultRound]).
///
/// | line | meaning |
/// |---|---|
/// | `round HITS PROMISES UNKNOWN LOST UNEXPECTED DUPLICATED RECOVERED` | what it came to |
/// | `fault TEXT` | what is wrong |
final class FaultApp {
  private static final Duration ROUND_LIMIT = Duration.ofSeconds(60);

  private FaultApp() {}

  /// Takes a directory, which kinds of operations fail, with which error, how, and the first, the
  /// last and the step of the numbers of the operation that fails; and for how many seconds an
  /// engine may wait when the fault has passed.
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    long last = Long.parseLong(args[5]);
    Duration patience = Duration.ofMillis(Long.parseLong(args[7]));
    ScheduledThreadPoolExecutor watch =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().factory());
    for (long n = Long.parseLong(args[4]); n <= last; n += Long.parseLong(args[6])) {
      Fault fault =
          new Fault(Integer.parseInt(args[1]), n, Error.valueOf(args[2]), How.valueOf(args[3]));
      ScheduledFuture<?> limit =
          watch.schedule(() -> hang(fault), ROUND_LIMIT.toSeconds(), TimeUnit.SECONDS);
      boolean beyond = round(Files.createTempDirectory(directory, "round"), fault, patience);
      limit.cancel(false);
      if (beyond) {
        break;
      }
    }
  }

  private static boolean round(Path directory, Fault fault, Duration patience) throws Exception {
    try {
      FaultRound.Result result = new FaultRound(directory.resolve("app.db"), fault, patience).run();
      result.faults().forEach(found -> say(fault, found));
      System.out.println("round " + result.words());
      return result.hits() == 0;
    } catch (AssertionError stuck) {
      say(fault, stuck.getMessage() + ": " + stuck.getCause());
      return false;
    } finally {
      Disk.delete(directory);
    }
  }

  private static void say(Fault fault, String found) {
    System.out.println("fault " + fault + ": " + found);
  }

  /// What every thread does when a round does not end.
  private static void hang(Fault fault) {
    say(fault, "hangs");
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      System.err.println(one.getKey());
      for (StackTraceElement at : one.getValue()) {
        System.err.println("    " + at);
      }
    }
    Runtime.getRuntime().halt(3);
  }
}
