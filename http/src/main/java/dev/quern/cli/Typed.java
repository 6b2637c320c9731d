package dev.quern.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The arguments of this process as they were typed.
///
/// Java decodes them by the locale, and in the locale `C` loses every letter that is not ASCII.
/// Linux still has the bytes; where they are to be had and are UTF-8, they are taken instead.
final class Typed {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final char LOST = '\uFFFD';

  private Typed() {}

  /// The arguments; those that are still not readable have U+FFFD in them.
  static List<String> of(String[] args) {
    List<String> decoded = List.of(args);
    return lost(decoded) ? recovered(decoded) : decoded;
  }

  private static List<String> recovered(List<String> decoded) {
    try {
      List<String> all = split(Files.readAllBytes(COMMAND_LINE));
      List<String> ours = all.subList(all.size() - decoded.size(), all.size());
      return fits(decoded, ours) ? ours : decoded;
    } catch (IOException | IllegalArgumentException _) {
      return decoded;
    }
  }

  private static boolean lost(List<String> words) {
    return words.stream().anyMatch(Typed::lost);
  }

  private static boolean lost(String word) {
    return word.indexOf(LOST) >= 0;
  }

  /// Whether nothing but what was lost differs.
  private static boolean fits(List<String> decoded, List<String> ours) {
    for (int i = 0; i < decoded.size(); i++) {
      if (!lost(decoded.get(i)) && !decoded.get(i).equals(ours.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// The texts in `bytes`, each of which ends with a NUL.
  ///
  /// @throws IllegalArgumentException if they are not UTF-8
  static List<String> split(byte[] bytes) {
    String text = Lines.utf8(bytes);
    List<String> words = new ArrayList<>();
    for (int from = 0, nul = text.indexOf(0); nul >= 0; nul = text.indexOf(0, from)) {
      words.add(text.substring(from, nul));
      from = nul + 1;
    }
    return words;
  }
}
