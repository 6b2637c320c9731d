package dev.quern.trust;

import dev.quern.JobEvent;
import dev.quern.Quern;
import dev.quern.StoreException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// An application that opens an engine, enqueues and handles jobs in every way there is, and closes
/// it or stops dead. It says on standard output what it is about to ask and what it was told, so
/// that the log of its disk tells what had been promised at each moment.
///
/// | line | meaning |
/// |---|---|
/// | `open`, `opened`, `close`, `closed` | is about to open or close, or has |
/// | `try WAY TOKEN…` | is about to enqueue these, together |
/// | `ack TOKEN ID new` | was told that this job is there |
/// | `ack TOKEN ID KEY` | was told that this job has the dedupe key already |
/// | `no TOKEN…` | was told that these are not there |
/// | `told FAULT` | was told of this fault |
/// | `run ID FENCE` | a handler has begun |
/// | `cancel ID` | is about to cancel |
/// | `end ID STATE` | was told that the job has ended |
final class CutApp {
  private static final int PRODUCERS = 3;
  private static final int KEYS = 5;
  private static final int PATIENCE = 20;
  private static final long PAUSE_NANOS = 300_000;
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private final Quern quern;
  private final Duties duties;
  private final Asking asking;
  private final String life;

  private CutApp(Quern quern, Duties duties, String life) {
    this.quern = quern;
    this.duties = duties;
    this.asking = new Asking(quern, duties);
    this.life = life;
  }

  /// Takes the database, the name of this life, how many calls each producer makes, `close` or
  /// `halt`, the `synchronous` of its own connections, and, if the disk is to fail, a fault.
  public static void main(String[] args) throws Exception {
    Runnable arm = arm(List.of(args).subList(5, args.length));
    arm.run();
    Duties duties = new Duties(args[0], "&synchronous=" + args[4], CutApp::say);
    say("open");
    Quern quern = insist(() -> Quern.open(Path.of(args[0])));
    say("opened");
    CutApp app = new CutApp(quern, duties, args[1]);
    app.start();
    arm.run();
    app.produce(Integer.parseInt(args[2]));
    if (args[3].equals("halt")) {
      Runtime.getRuntime().halt(0);
    }
    say("close");
    quern.close();
    say("closed");
  }

  private static Runnable arm(List<String> fault) {
    return fault.isEmpty() ? () -> {} : () -> DiskArm.arm(DiskArm.Fault.of(fault));
  }

  /// A disk that fails now and then may fail at any call; where it fails each time it is mended.
  private static <T> T insist(Supplier<T> call) {
    for (int tries = 0; true; tries++) {
      try {
        return call.get();
      } catch (StoreException fault) {
        say("told " + fault);
      }
      if (tries == PATIENCE) {
        DiskArm.arm(DiskArm.Fault.NONE);
      }
    }
  }

  /// One write, so that there is no half of it.
  private static void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException fault) {
      throw new UncheckedIOException(fault);
    }
  }

  private static void tell(JobEvent event) {
    if (event.state().ended()) {
      say("end " + event.jobId() + " " + event.state().label());
    }
  }

  private void start() {
    quern.listen(CutApp::tell);
    insist(() -> {
      Duties.policy(quern);
      return true;
    });
    duties.handle(quern);
    insist(quern::start);
  }

  private void produce(int calls) throws InterruptedException {
    List<Thread> producers =
        IntStream.range(0, PRODUCERS)
            .mapToObj(i -> Thread.ofPlatform().start(() -> produce(life + "." + i, calls)))
            .toList();
    for (Thread producer : producers) {
      producer.join();
    }
  }

  // ---- enqueuing

  private void produce(String name, int calls) {
    Random random = new Random(name.hashCode());
    for (int n = 0; n < calls; n++) {
      String action = Duties.ACTIONS.get(random.nextInt(Duties.ACTIONS.size()));
      String token = name + "." + n + "." + action;
      switch (random.nextInt(8)) {
        case 0 -> asking.bulk(token);
        case 1, 2 -> asking.inOwnTransaction(token);
        case 3 -> asking.unique(token.replace("later", "done"), "key" + random.nextInt(KEYS));
        default -> asking.single(token);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
