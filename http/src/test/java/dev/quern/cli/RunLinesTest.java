package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Run;
import dev.quern.RunRefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// How an input becomes lines.
class RunLinesTest {

  /// Gives the pieces of an input one by one, as a pipe does.
  private static final class Pieces extends InputStream {
    private final List<byte[]> pieces;

    Pieces(byte[]... pieces) {
      this.pieces = new ArrayList<>(List.of(pieces));
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException("byte by byte");
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (pieces.isEmpty()) {
        return -1;
      }
      byte[] piece = pieces.removeFirst();
      System.arraycopy(piece, 0, into, offset, piece.length);
      return piece.length;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> all(InputStream in) throws IOException {
    RunLines lines = new RunLines(in);
    List<String> all = new ArrayList<>();
    for (Optional<List<String>> next = lines.next(); next.isPresent(); next = lines.next()) {
      all.addAll(next.get());
    }
    return all;
  }

  private static List<String> all(byte[] input) throws IOException {
    return all(new ByteArrayInputStream(input));
  }

  @Test
  void lines_end_at_line_feeds() throws IOException {
    assertEquals(List.of("a", "b"), all(utf8("a\nb\n")));
  }

  @Test
  void a_last_line_may_do_without_an_end() throws IOException {
    assertEquals(List.of("a", "b"), all(utf8("a\nb")));
  }

  @Test
  void empty_lines_and_carriage_returns_are_kept() throws IOException {
    assertEquals(List.of("", "a\r", "", "\r"), all(utf8("\na\r\n\n\r")));
  }

  @Test
  void nothing_has_no_lines() throws IOException {
    assertEquals(List.of(), all(utf8("")));
  }

  @Test
  void a_line_is_given_before_the_next_one_is_complete() throws IOException {
    RunLines lines = new RunLines(new Pieces(utf8("a\nb\nc"), utf8("d\n")));

    assertEquals(Optional.of(List.of("a", "b")), lines.next());
    assertEquals(Optional.of(List.of("cd")), lines.next());
  }

  @Test
  void characters_may_be_torn() throws IOException {
    byte[] e = utf8("é");

    assertEquals(List.of("é"), all(new Pieces(new byte[] {e[0]}, new byte[] {e[1]}, utf8("\n"))));
  }

  @Test
  void the_longest_line_passes_and_a_longer_one_is_refused_with_its_number() throws IOException {
    String longest = "x".repeat(Run.LINE_LIMIT);

    assertEquals(List.of("a", longest), all(utf8("a\n" + longest + "\n")));
    assertEquals(List.of("a", longest), all(utf8("a\n" + longest)));
    assertEquals(
        "line 2 of the input has more than 131,071 bytes; mend it and start again: the lines before"
            + " it are kept",
        refusal(utf8("a\n" + longest + "x\n")));
  }

  @Test
  void a_line_without_end_is_refused_before_it_fills_the_memory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };

    assertThrows(RunRefusedException.class, () -> all(endless));
  }

  @Test
  void a_line_that_is_not_utf_8_is_refused_after_those_before_it() throws IOException {
    byte[] input = utf8("a\nb\n?\n");
    input[4] = (byte) 0xff;
    RunLines lines = new RunLines(new ByteArrayInputStream(input));

    assertEquals(Optional.of(List.of("a", "b")), lines.next());
    String refusal = assertThrows(RunRefusedException.class, lines::next).getMessage();
    assertTrue(refusal.startsWith("line 3 of the input is not UTF-8"), refusal);
  }

  private static String refusal(byte[] input) {
    return assertThrows(RunRefusedException.class, () -> all(input)).getMessage();
  }

  @Test
  void pieces_of_any_size_give_the_same_lines() throws IOException {
    long seed = Long.getLong("quern.seed", new Random().nextLong());
    System.out.println("RunLinesTest: -Dquern.seed=" + seed);
    Random random = new Random(seed);

    for (int round = 0; round < 200; round++) {
      byte[] input = input(random);
      assertEquals(all(input), all(new Pieces(torn(input, random))));
    }
  }

  private static byte[] input(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(random.nextInt(4) == 0 ? "\n" : random.nextBoolean() ? "é" : "a");
    }
    return utf8(text.toString());
  }

  private static byte[][] torn(byte[] input, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    for (int from = 0; from < input.length; ) {
      int to = Math.min(input.length, from + 1 + random.nextInt(5));
      pieces.add(Arrays.copyOfRange(input, from, to));
      from = to;
    }
    return pieces.toArray(byte[][]::new);
  }
}
