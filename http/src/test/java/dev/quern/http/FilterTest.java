package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobFilter;
import dev.quern.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {
  @RegisterExtension final TestServer at = new TestServer();

  @Test
  void terms_in_any_order_narrow_what_is_listed() {
    assertEquals(JobFilter.ALL, Filter.read(""));
    assertEquals(JobFilter.ALL, Filter.read("  "));
    assertEquals(
        JobFilter.ALL
            .state(JobState.FAILED)
            .kind("mail")
            .tag("a:b")
            .errorText("no \"such\" host\\"),
        Filter.read(" error:\"no \\\"such\\\" host\\\\\"  tag:a:b kind:mail state:failed "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state:odd|at position 0",
        "kind:a stat:failed|at position 7: there is no field \"stat\"",
        "kind:a kind:b|at position 7: \"kind\" is there twice",
        "kind:|at position 0: expected a term",
        "kind:a failed|at position 7: expected a term",
        "error:\"open|at position 0: expected a term",
        "error:\"a\"b|at position 0: expected a term",
        "error:\"a\\n\"|at position 0: expected a term",
      })
  void what_cannot_be_read_is_refused_with_its_position(String text, String message) {
    Problem refused = assertThrows(Problem.class, () -> Filter.read(text));

    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void a_list_takes_it_and_its_next_page_is_of_the_same_jobs() {
    at.enqueue("{\"kind\": \"mail\", \"tags\": [\"a b\"]}");
    at.enqueue("{\"kind\": \"post\"}");
    at.enqueue("{\"kind\": \"mail\", \"tags\": [\"a b\"]}");

    var page = at.get("/v1/jobs?limit=1&q=kind:mail%20tag:%22a%20b%22").expect(200);
    assertEquals("3", page.at("data/0/id"));
    String next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    assertEquals("1", at.get(next).expect(200).at("data/0/id"));
    at.get("/v1/jobs?q=colour:red").refused(422, "validation");
    at.get("/v1/jobs?q=kind:mail&kind=post").refused(422, "validation");
  }
}
