package dev.quern.cli;

import dev.quern.Job;
import java.time.Duration;
import java.util.Optional;

/// Waits for the end of a job on a server, which tells of each change.
final class RemoteWait {
  /// What servers let a client wait for at once, by default.
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Server server;
  private final String path;
  private Optional<String> known = Optional.empty();

  RemoteWait(Server server, String path) {
    this.server = server;
    this.path = path;
  }

  /// The ended job; empty when the time is up, which may be a second late: servers count in
  /// seconds.
  Optional<Job> forEnd(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<Job> ended = look(left).filter(job -> job.state().ended());
      if (ended.isPresent() || left.isZero()) {
        return ended;
      }
    }
  }

  private Optional<Job> look(Duration left) {
    Duration whole = Duration.ofSeconds(left.plusMillis(999).toSeconds());
    Reply reply = server.get(path, known, whole.compareTo(LONGEST) > 0 ? LONGEST : whole);
    known = reply.version();
    return reply.body().isEmpty() ? Optional.empty() : Optional.of(reply.as(JobReader::job));
  }
}
