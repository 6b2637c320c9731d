package dev.quern.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Program;
import dev.quern.ProgramOutput;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Results of programs as they are kept, and commands as they are taken.
class ProgramOutputTest {

  private static ProgramOutput kept(byte[] printed) {
    StandardOutput output = new StandardOutput();
    output.take(printed, printed.length);
    return ProgramOutput.of(output.json());
  }

  @Test
  void any_bytes_are_kept_as_they_are() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] printed = new byte[random.nextInt(40)];
      random.nextBytes(printed);

      assertArrayEquals(printed, kept(printed).bytes(), "-Dseed=" + seed);
    }
  }

  @Test
  void the_members_of_a_cut_output_tell_what_is_missing() {
    ProgramOutput output =
        ProgramOutput.of("{\"base64\": \"AP8=\", \"bytes\": 5000000000, \"cut\": true}");

    assertArrayEquals(new byte[] {0, -1}, output.bytes());
    assertEquals(5_000_000_000L, output.totalBytes());
    assertTrue(output.cut());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "[]",
        "{}",
        "{\"base64\": \"AP8=\", \"bytes\": 2}",
        "{\"base64\": \"*\", \"bytes\": 2, \"cut\": false}",
        "{\"base64\": \"AP8=\", \"bytes\": \"2\", \"cut\": false}",
        "no json"
      })
  void what_is_not_the_result_of_a_program_is_refused(String json) {
    assertThrows(IllegalArgumentException.class, () -> ProgramOutput.of(json));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n", "echo \0", "echo \uD800"})
  void a_command_that_cannot_be_run_is_refused(String command) {
    assertThrows(IllegalArgumentException.class, () -> Program.of(command));
  }

  @Test
  void a_command_over_its_limit_is_refused() {
    String command = "#".repeat(Program.COMMAND_LIMIT);

    assertEquals(command, Program.of(command).command());
    assertThrows(IllegalArgumentException.class, () -> Program.of(command + "#"));
  }
}
