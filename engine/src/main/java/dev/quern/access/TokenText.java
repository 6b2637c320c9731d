package dev.quern.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The text of a token, in parts. Letters and digits alone, so that a double click takes it whole.
record TokenText(String id, String secret) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final int ID_LENGTH = 12;

  /// 43 letters of 62 hold 256 bits.
  private static final int SECRET_LENGTH = 43;

  /// 6 letters of 62 hold 32 bits.
  private static final int CHECKSUM_LENGTH = 6;

  private static final Pattern FORM =
      Pattern.compile(
          "quern_([0-9A-Za-z]{%d})_([0-9A-Za-z]{%d})([0-9A-Za-z]{%d})"
              .formatted(ID_LENGTH, SECRET_LENGTH, CHECKSUM_LENGTH));

  private static final SecureRandom RANDOM = new SecureRandom();

  static TokenText random() {
    return new TokenText(letters(ID_LENGTH), letters(SECRET_LENGTH));
  }

  private static String letters(int count) {
    StringBuilder letters = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      letters.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return letters.toString();
  }

  /// The parts of a text; empty if it has not the form, or another checksum.
  static Optional<TokenText> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    TokenText parts = new TokenText(form.group(1), form.group(2));
    return parts.checksum().equals(form.group(3)) ? Optional.of(parts) : Optional.empty();
  }

  private String body() {
    return "quern_" + id + "_" + secret;
  }

  private String checksum() {
    CRC32 crc = new CRC32();
    crc.update(body().getBytes(StandardCharsets.US_ASCII));
    char[] letters = new char[CHECKSUM_LENGTH];
    long rest = crc.getValue();
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      letters[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
      rest /= ALPHABET.length();
    }
    return new String(letters);
  }

  /// As its bearer shows it.
  String text() {
    return body() + checksum();
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "quern_" + id + "_…";
  }
}
