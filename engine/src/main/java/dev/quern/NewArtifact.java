package dev.quern;

import dev.quern.json.Texts;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An artifact to be kept: all but its bytes. Immutable.
///
/// A name is 1 to 255 bytes of UTF-8. It never becomes a path here, but it may where it is saved:
/// so it holds no slash, no control, format or bidirectional character, and is not `.` or `..`, nor
/// does it become so when its compatibility forms are written plainly.
///
/// @param name unique among the artifacts of a job
/// @param type a media type, such as `text/plain; charset=utf-8`
/// @param sha256 what the bytes must be, in hex; empty if nobody says
public record NewArtifact(String name, String type, Optional<String> sha256) {

  /// The longest name, in UTF-8 bytes.
  public static final int NAME_LIMIT = 255;

  /// The longest media type, in characters.
  public static final int TYPE_LIMIT = 255;

  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]++";

  private static final Pattern TYPE =
      Pattern.compile(
          "%1$s/%1$s(?:[ \\t]*+;[ \\t]*+%1$s=(?:%1$s|\"[ !#-\\[\\]-~]*+\"))*+".formatted(TOKEN));

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /// An artifact with its name, type and digest checked.
  ///
  /// @throws IllegalArgumentException if one of them cannot be
  public NewArtifact {
    checkName(name);
    Texts.checked("media type", type, TYPE_LIMIT);
    if (!TYPE.matcher(type).matches()) {
      throw new IllegalArgumentException(
          "media type \"%s\": must be like text/plain".formatted(printable(type)));
    }
    sha256 = sha256.map(NewArtifact::digest);
  }

  /// An artifact of a name and a type.
  ///
  /// @throws IllegalArgumentException if one of them cannot be
  public static NewArtifact of(String name, String type) {
    return new NewArtifact(name, type, Optional.empty());
  }

  /// With what its bytes must be: SHA-256 in hex.
  public NewArtifact sha256(String hex) {
    return new NewArtifact(name, type, Optional.of(hex));
  }

  private static String digest(String hex) {
    String lower = hex.toLowerCase(Locale.ROOT);
    if (!DIGEST.matcher(lower).matches()) {
      throw new IllegalArgumentException(
          "sha256 \"%s\": must be 64 hex digits".formatted(printable(Texts.cut(hex, 100))));
    }
    return lower;
  }

  private static void checkName(String name) {
    Texts.checked("artifact name", name, NAME_LIMIT);
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > NAME_LIMIT) {
      throw new IllegalArgumentException(
          "artifact name of %,d bytes: at most %,d are allowed".formatted(bytes, NAME_LIMIT));
    }
    checkPlain(name, name);
    checkPlain(name, Normalizer.normalize(name, Normalizer.Form.NFKC));
  }

  private static void checkPlain(String name, String form) {
    if (form.isBlank() || form.equals(".") || form.equals("..")) {
      throw new IllegalArgumentException(
          "artifact name \"%s\": must name something".formatted(printable(name)));
    }
    form.codePoints().filter(NewArtifact::refused).findFirst().ifPresent(c -> refuse(name, c));
  }

  private static void refuse(String name, int character) {
    throw new IllegalArgumentException(
        "artifact name \"%s\" holds U+%04X, which names of files must not"
            .formatted(printable(name), character));
  }

  private static boolean refused(int c) {
    return c == '/'
        || c == '\\'
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              true;
          default -> false;
        };
  }

  private static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().forEach(c -> shown.appendCodePoint(refused(c) ? 0xFFFD : c));
    return shown.toString();
  }
}
