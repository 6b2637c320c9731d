package dev.quern.cli;

import dev.quern.Program;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A kind and the program that handles it, as the option `--exec` names them.
record Served(String kind, Program program) {
  static final Option<Served> OPTION =
      Option.of("exec", "KIND=CMD", "run CMD for each job of KIND; may be given again", Served::of)
          .repeated();

  private static Served of(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not KIND=CMD, such as 'resize=convert \"$1\" out.png'");
    }
    return new Served(text.substring(0, equals), Program.of(text.substring(equals + 1)));
  }

  /// The programs by kind.
  ///
  /// @throws UsageException if a kind has two
  static Map<String, Program> programs(List<Served> served) {
    Map<String, Program> programs = new TreeMap<>();
    for (Served each : served) {
      if (programs.put(each.kind(), each.program()) != null) {
        throw new UsageException(
            "--exec names kind " + each.kind() + " twice: give it one program");
      }
    }
    return programs;
  }
}
