package dev.quern.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class JsonRandomTest {

  private static final int ROUNDS = 20_000;

  private final RandomJson random = RandomJson.create();

  @Test
  void a_value_is_the_same_after_writing_and_parsing() {
    for (int round = 0; round < ROUNDS; round++) {
      var value = random.value();

      assertEquals(value, Json.parse(Json.write(value)));
    }
  }

  @Test
  void the_checker_accepts_what_is_written() {
    for (int round = 0; round < ROUNDS; round++) {
      Json.check(Json.write(random.value()));
    }
  }

  @Test
  void checker_and_parser_agree_on_damaged_texts() {
    int accepted = 0;
    for (int round = 0; round < ROUNDS * 5; round++) {
      String text = random.mutation(Json.write(random.value()));
      var verdict = Verdict.ofParser(text);
      assertEquals(verdict, Verdict.ofChecker(text), text);
      accepted += verdict.equals(Verdict.ACCEPTED) ? 1 : 0;
    }

    assertTrue(accepted > ROUNDS / 10 && accepted < ROUNDS * 4, accepted + " accepted");
  }
}
