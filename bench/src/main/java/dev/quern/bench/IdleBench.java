package dev.quern.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.quern.Quern;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// An engine with a handler, a store of 100,000 finished jobs and nothing to do: what the process
/// writes and reads by the kernel's count, whether anybody commits, and the share of a core that it
/// takes, the JVM's own included. Then the statements that it runs: counted, as nothing else tells
/// a query that is answered from memory.
final class IdleBench implements Suite {
  private static final int FINISHED = 100_000;
  private static final Path IO = Path.of("/proc/self/io");

  /// What the process has done so far.
  private record Account(long nanos, long cpuNanos, Map<String, Long> io, String dataVersion) {
    static Account now(Connection other) throws IOException, SQLException {
      var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      String version = Pragmas.text(other, "pragma data_version");
      return new Account(System.nanoTime(), system.getProcessCpuTime(), counts(), version);
    }

    private static Map<String, Long> counts() throws IOException {
      return Files.readAllLines(IO).stream()
          .map(line -> line.split(": "))
          .collect(
              java.util.stream.Collectors.toMap(pair -> pair[0], pair -> Long.parseLong(pair[1])));
    }

    long since(Account earlier, String name) {
      return io.get(name) - earlier.io.get(name);
    }
  }

  @Override
  public List<Measurement> measure(Effort effort, Scratch scratch) throws Exception {
    Path file = scratch.store();
    Quern.open(file).close();
    Filler.done(file, FINISHED);
    try (Quern quern = Quern.open(file);
        Connection other = Pragmas.connect(file)) {
      quern.handle(Ping.KIND, Ping.class, (_, _) -> {});
      quern.start();
      Thread.sleep(12_000);
      Account before = Account.now(other);
      Thread.sleep(effort.pick(5_000, 20_000));
      Account after = Account.now(other);
      return List.of(measurement(before, after), Statements.counted(quern, effort.pick(2, 10)));
    }
  }

  private static Measurement measurement(Account before, Account after) {
    double span = after.nanos() - before.nanos();
    boolean committed = !after.dataVersion().equals(before.dataVersion());
    return Measurement.of(
        "IdleBench.idle",
        Map.of("finished", Integer.toString(FINISHED)),
        new Reading("cpu", "% of a core", 100 * (after.cpuNanos() - before.cpuNanos()) / span),
        new Reading("written", "B", after.since(before, "write_bytes")),
        new Reading("writeCalls", "", after.since(before, "syscw")),
        new Reading("commits", "(0: none, 1: some)", committed ? 1 : 0),
        new Reading("readFromDisk", "B", after.since(before, "read_bytes")),
        new Reading("seconds", "s", span / 1e9));
  }
}
