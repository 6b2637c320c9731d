package dev.quern.trust;

import dev.quern.NewArtifact;
import dev.quern.NewJob;
import dev.quern.Quern;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;

/// An application that puts artifacts, replaces and deletes them, and says on standard output what
/// it was told. The type of an artifact says what its bytes must be: `test/SEED.SIZE`.
///
/// | line | meaning |
/// |---|---|
/// | `try JOB` | is about to put the artifact of this job, the first or another one |
/// | `ack JOB TYPE` | was told that it is there |
/// | `drop JOB` | is about to delete the job |
final class UploadApp {
  private static final int WRITERS = 3;
  private static final int LONGEST = 3 << 20;

  /// So few, that contents are often the same.
  private static final int SEEDS = 20;

  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

  private UploadApp() {}

  /// Puts artifacts until it is killed.
  public static void main(String[] words) throws Exception {
    Quern quern = Quern.open(Path.of(words[0]));
    Random random = new Random(Long.parseLong(words[1]));
    for (int i = 0; i < WRITERS; i++) {
      Random own = new Random(random.nextLong());
      Thread.ofVirtual().start(() -> write(quern, own));
    }
    Thread.currentThread().join();
  }

  private static void write(Quern quern, Random random) {
    long job = 0;
    while (true) {
      int what = random.nextInt(10);
      if (job == 0 || what < 7) {
        job = quern.enqueue(NewJob.json("job", "1")).id();
      } else if (what == 7) {
        say("drop " + job);
        quern.jobs().cancel(job, "enough");
        quern.jobs().delete(job);
        job = quern.enqueue(NewJob.json("job", "1")).id();
      }
      put(quern, job, type(random));
    }
  }

  private static String type(Random random) {
    int seed = random.nextInt(SEEDS);
    int size = seed % 4 == 0 ? seed : new Random(seed).nextInt(LONGEST);
    return "test/" + seed + "." + size;
  }

  private static void put(Quern quern, long job, String type) {
    say("try " + job);
    try {
      var in = new ByteArrayInputStream(content(type));
      quern.artifacts().put(job, NewArtifact.of("file", type), in).orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException("a stream of bytes at hand cannot fail", e);
    }
    say("ack " + job + " " + type);
  }

  /// The bytes of a type.
  static byte[] content(String type) {
    String[] parts = type.substring("test/".length()).split("\\.");
    byte[] bytes = new byte[Integer.parseInt(parts[1])];
    new Random(Long.parseLong(parts[0])).nextBytes(bytes);
    return bytes;
  }

  private static synchronized void say(String line) {
    try {
      OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }
}
