package dev.quern.peers;

import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/// Measures one of the systems in Java and writes what it measured to a file.
final class Main {
  private Main() {}

  /// Arguments: the system, `full` or `quick`, the file, an empty directory, PostgreSQL's port.
  public static void main(String[] args) throws Exception {
    Plan plan = args[1].equals("quick") ? Plan.QUICK : Plan.FULL;
    Peer peer = peer(args[0], Integer.parseInt(args[4]));
    Measured measured = new Workloads(peer, plan, Path.of(args[3])).measure();
    Files.writeString(Path.of(args[2]), JsonMapper.shared().writeValueAsString(measured));
    System.exit(0);
  }

  private static Peer peer(String system, int port) {
    return switch (system) {
      case "quern" -> new QuernPeer();
      case "jobrunr-sqlite" -> new JobRunrPeer(new Sqlite());
      case "jobrunr-postgres" -> new JobRunrPeer(new Postgres(port));
      case "db-scheduler-sqlite" -> new DbSchedulerPeer(new Sqlite(), false);
      case "db-scheduler-postgres" -> new DbSchedulerPeer(new Postgres(port), true);
      default -> throw new IllegalArgumentException("no system " + system);
    };
  }
}
