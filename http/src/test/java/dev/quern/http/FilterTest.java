package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FilterTest {
  @RegisterExtension final TestServer at = new TestServer();

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

  @Test
  void several_values_and_excluded_ones_are_taken_and_kept_for_the_next_page() {
    for (String kind : new String[] {"mail", "sms", "post", "mail", "sms"}) {
      at.enqueue("{\"kind\": \"" + kind + "\"}");
    }
    at.post("/v1/jobs/5:cancel", "{}").expect(200);

    var page = at.get("/v1/jobs?limit=2&q=-state:cancelled%20kind:mail,sms").expect(200);
    assertEquals("4", page.at("data/0/id"));
    assertEquals("2", page.at("data/1/id"));
    String next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    assertEquals("1", at.get(next).expect(200).at("data/0/id"));
    assertEquals("false", at.get(next).expect(200).at("hasMore"));
    assertEquals("3", at.get("/v1/jobs?q=-kind:mail,sms").expect(200).at("data/0/id"));
    assertEquals("[]", at.get("/v1/jobs?q=created%3E2999-01-01").expect(200).at("data"));
    assertEquals("2", at.get("/v1/jobs?q=id:1,2&limit=1").expect(200).at("data/0/id"));
  }

  @Test
  void what_cannot_be_read_is_refused_with_its_position() {
    var refused = at.get("/v1/jobs?q=state:failed,odd").refused(422, "validation");

    assertEquals("q", refused.at("errors/0/pointer"));
    assertEquals("at position 13", refused.at("errors/0/detail").substring(0, 14));
  }
}
