package dev.quern.it;

import dev.quern.it.Processes.Ended;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A shell that may mount small file systems, which nobody else sees. Where the system does not
/// allow it, a test that needs one is skipped, with the reason.
public final class Sandbox {
  private static final int NOT_ALLOWED = 77;

  private final Place place;

  public Sandbox(Place place) {
    this.place = place;
  }

  /// Runs a script in the directory of the place. In it `quern` is the command, after `try NAME`
  /// the output, error and exit code of a command are in the files `NAME.out`, `NAME.err` and
  /// `NAME.exit`, and `small OPTIONS` mounts a file system at `disk`.
  public void run(String script) throws Exception {
    run(script, Processes.PATIENCE);
  }

  /// The same, which may take so long.
  public void run(String script, Duration patience) throws Exception {
    String namespace = namespace();
    Needs.that(!namespace.isEmpty(), "neither 'unshare -Urm' nor 'unshare -m' is allowed");
    Files.createDirectories(place.file("disk"));
    List<String> words = List.of("unshare", namespace, "sh", "-euc", prelude() + script);
    Ended ended = ended(words, patience);
    Needs.that(ended.exit() != NOT_ALLOWED, "mounting is not allowed: " + ended.err());
    if (ended.exit() != 0) {
      throw new AssertionError("the script failed: " + ended.err());
    }
  }

  private Ended ended(List<String> words, Duration patience) throws Exception {
    try (Running running = Running.start(place.directory(), Map.of(), words)) {
      running.feed(new byte[0]);
      return running.end(patience);
    }
  }

  private static String namespace() {
    return Stream.of("-Urm", "-m")
        .filter(option -> Processes.exists("unshare", option, "true"))
        .findFirst()
        .orElse("");
  }

  private static String prelude() {
    return """
    quern() { %s "$@"; }
    try() {
      name=$1
      shift
      code=0
      "$@" > "$name.out" 2> "$name.err" || code=$?
      echo "$code" > "$name.exit"
    }
    small() { mount -t tmpfs -o "$1" quern-it disk || exit %d; }
    """
        .formatted(
            Processes.quern().stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ")),
            NOT_ALLOWED);
  }

  /// What a command of the script left behind.
  public Ended ended(String name) throws Exception {
    return new Ended(
        Integer.parseInt(Files.readString(place.file(name + ".exit")).strip()),
        Files.readAllBytes(place.file(name + ".out")),
        Files.readString(place.file(name + ".err")));
  }
}
