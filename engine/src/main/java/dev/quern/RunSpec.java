package dev.quern;

import dev.quern.json.Texts;
import java.util.Objects;

/// What a run is: what must be the same each time it is gone on with.
///
/// @param name 1 to 100 letters, digits, dots, underscores and hyphens, not a hyphen first
/// @param command what is done with each line, as text; 1 to 100,000 characters
/// @param directory where it is done: an absolute path
/// @param json whether each line is a JSON value, else it is text
public record RunSpec(String name, String command, String directory, boolean json) {

  /// The longest name, in characters.
  public static final int NAME_LIMIT = 100;

  /// The longest command and the longest directory, in characters.
  public static final int COMMAND_LIMIT = 100_000;

  /// A specification with its texts checked.
  ///
  /// @throws IllegalArgumentException if the name, the command or the directory cannot be kept
  public RunSpec {
    checkName(name);
    Texts.checked("command", command, COMMAND_LIMIT);
    Texts.checked("directory", directory, COMMAND_LIMIT);
  }

  private static void checkName(String name) {
    Objects.requireNonNull(name, "name");
    Texts.checked("name of a run", name, NAME_LIMIT);
    if (name.startsWith("-") || !name.codePoints().allMatch(RunSpec::allowed)) {
      throw new IllegalArgumentException(
          "name of a run \"%s\": use letters, digits, '.', '_' and '-', not '-' first"
              .formatted(name));
    }
  }

  private static boolean allowed(int c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
  }

  /// The kind of its jobs: `run:` and the name.
  public String kind() {
    return "run:" + name;
  }
}
