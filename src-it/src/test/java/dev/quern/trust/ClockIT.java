package dev.quern.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.it.Processes;
import dev.quern.support.Finding;
import dev.quern.support.Trust;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes whose wall clock jumps ahead, back, and stands still while they work. A library that
/// is loaded before the system's shifts the clock by what a file says.
///
/// `-Dquern.seed=N` repeats the jumps, `-Dtrust=long` makes more.
class ClockIT {
  private static final int JUMPS = Trust.size(4, 400);
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
  private static final long STILL = Long.MIN_VALUE;

  private static final String LIBRARY =
      """
      #define _GNU_SOURCE
      #include <dlfcn.h>
      #include <fcntl.h>
      #include <stdint.h>
      #include <stdlib.h>
      #include <sys/mman.h>
      #include <sys/time.h>
      #include <time.h>

      /* How many nanoseconds the wall clock is ahead; or, when the second number is not 0, what it
         stands at. */
      static volatile int64_t *clock_file;

      __attribute__((constructor)) static void begin(void) {
        int fd = open(getenv("QUERN_CLOCK"), O_RDONLY);
        clock_file = fd < 0 ? 0 : mmap(0, 16, PROT_READ, MAP_SHARED, fd, 0);
      }

      int clock_gettime(clockid_t id, struct timespec *time) {
        static int (*real)(clockid_t, struct timespec *);
        if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
        int answer = real(id, time);
        if (answer == 0 && id == CLOCK_REALTIME && clock_file) {
          int64_t now = clock_file[1] ? clock_file[1]
                                      : time->tv_sec * 1000000000LL + time->tv_nsec + clock_file[0];
          time->tv_sec = now / 1000000000LL;
          time->tv_nsec = now % 1000000000LL;
        }
        return answer;
      }

      int gettimeofday(struct timeval *restrict time, void *restrict zone) {
        struct timespec now;
        int answer = clock_gettime(CLOCK_REALTIME, &now);
        time->tv_sec = now.tv_sec;
        time->tv_usec = now.tv_nsec / 1000;
        return answer;
      }

      time_t time(time_t *to) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        if (to) *to = now.tv_sec;
        return now.tv_sec;
      }
      """;

  @TempDir Path directory;

  private final long startedAt = System.nanoTime();
  private final long seed = Trust.seed("ClockIT");
  private final Random random = new Random(seed);

  @Test
  void a_clock_that_jumps_loses_nothing_starts_nothing_early_and_stops_nothing() throws Exception {
    try (Crew crew = new Crew(directory.resolve("right"));
        Crew trusting =
            new Crew(directory.resolve("trusting"))
                .without(
                    "store/StoreClock.java",
                    "if (wallMillis >= lastMillis) {",
                    "if (lastMillis != 0) {")) {
      Path clock = Files.write(directory.resolve("clock"), new byte[16]);
      Map<String, String> variables =
          Map.of("LD_PRELOAD", library().toString(), "QUERN_CLOCK", clock.toString());
      for (Crew each : List.of(crew, trusting)) {
        start(each.environment(variables));
      }
      for (int i = 0; i < JUMPS; i++) {
        jump(clock, i);
        Thread.sleep(200 + random.nextInt(300));
      }
      set(clock, 0, 0);
      finish(crew);

      Books books = crew.compare();
      assertEquals(List.of(), books.faults(), "seed " + seed);
      assertEquals(List.of(), crew.texts(EARLY), "jobs that began before their time");
      assertEquals(0, crew.recovered(), "nobody has died");
      assertTrue(crew.number(SPAN) > HOUR_NANOS / 1_000_000, "no clock has jumped");
      tell(crew, books, faultsOf(trusting));
    }
  }

  /// The clocks of two processes differ by some milliseconds after the system's has gone back, and
  /// one may claim what was due by the clock of the other.
  private static final String EARLY =
      "select id from quern_job where started_at < available_at - 300 and state = 'done'";

  private static final String SPAN = "select max(started_at) - min(started_at) from quern_job";

  private Path library() throws Exception {
    Path source = Files.writeString(directory.resolve("clock.c"), LIBRARY);
    Path library = directory.resolve("clock.so");
    boolean made =
        Processes.exists(
            "cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl");
    if (!made) {
      String reason = "there is no C compiler, or it cannot build a library for LD_PRELOAD";
      System.out.println("skipped: ClockIT: " + reason);
      Assumptions.abort(reason);
    }
    return library;
  }

  private void start(Crew crew) throws Exception {
    for (int i = 0; i < 2; i++) {
      crew.start(
          CrewApp.class,
          "name=c" + i,
          "seed=" + seed + i,
          "lease=2000",
          "actions=done,later,later,defer,fail,self,parent,deaf",
          "takes=100",
          "producers=2",
          "pause=10",
          "concurrency=32");
    }
    crew.await("ready");
    crew.tell("go");
  }

  // ---- the clock

  /// Ahead, back, further back than it began, still; then as it comes.
  private void jump(Path clock, int number) throws IOException {
    long[] first = {HOUR_NANOS + HOUR_NANOS / 60, 0, -HOUR_NANOS, STILL};
    long ahead =
        number < first.length ? first[number] : (random.nextInt(20) - 10) * (HOUR_NANOS / 3);
    set(clock, ahead == STILL ? 0 : ahead, ahead == STILL ? nowNanos() : 0);
  }

  private static long nowNanos() {
    return System.currentTimeMillis() * 1_000_000;
  }

  private static void set(Path clock, long aheadNanos, long stillNanos) throws IOException {
    ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    numbers.putLong(aheadNanos).putLong(stillNanos).flip();
    try (FileChannel file = FileChannel.open(clock, StandardOpenOption.WRITE)) {
      file.write(numbers, 0);
    }
  }

  private static void finish(Crew crew) throws Exception {
    crew.tell("stop");
    crew.finish();
  }

  // ---- the teeth

  /// A clock that goes back wherever the system's does ends attempts before they begin.
  private static List<String> faultsOf(Crew trusting) throws Exception {
    trusting.tell("stop");
    List<String> backwards = trusting.texts(BACKWARDS);
    assertTrue(!backwards.isEmpty(), "a clock that goes back was not noticed");
    return backwards;
  }

  private static final String BACKWARDS =
      """
      select id from quern_job where ended_at < started_at
      union all
      select a.id from quern_job as a join quern_job as b on b.id = a.id - 1
       where a.created_at < b.created_at - 60000
      """;

  private void tell(Crew crew, Books books, List<String> teeth) throws Exception {
    new Finding(
            "ClockIT",
            "the wall clock of two processes jumps by hours, ahead and back, and stands still",
            JUMPS,
            "%,d acknowledged jobs".formatted(books.acks()),
            crew.verdict(books),
            Long.toString(seed),
            "with a clock that goes back, %,d jobs ended before they began or came before those"
                    .formatted(teeth.size())
                + " that were enqueued before them")
        .tell(startedAt);
  }
}
