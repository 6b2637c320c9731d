package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.http.TestServer.Got;
import dev.quern.json.Json;
import dev.quern.json.JsonObject;
import dev.quern.wire.JobJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobShapeTest {
  @RegisterExtension final TestServer at = new TestServer();

  private static Set<String> members(String json) {
    return ((JsonObject) Json.parse(json)).members().keySet();
  }

  private Got matching(String path, String etag) {
    return at.send(at.request(path).header("If-None-Match", etag));
  }

  /// A job whose first attempt has failed.
  private String failed() {
    String id = at.enqueue("{\"kind\": \"a\", \"payload\": [1]}");
    var lease = at.quern.claim(ClaimRequest.of("a")).getFirst();
    lease.fail(new Failure(FailureClass.UNRECOVERABLE, "bad", "worse"));
    return id;
  }

  @Test
  void the_fields_that_can_be_asked_for_are_the_members_of_a_job() {
    at.enqueue("{\"kind\": \"a\"}");

    assertEquals(
        new TreeSet<>(JobJson.MEMBERS), new TreeSet<>(members(at.get("/v1/jobs/1").body())));
  }

  @Test
  void each_field_alone_is_as_it_is_among_all_and_the_id_is_always_there() {
    String path = "/v1/jobs/" + failed();
    Got whole = at.get(path).expect(200);
    for (String field : JobJson.MEMBERS) {
      Got one = at.get(path + "?fields=" + field).expect(200);

      assertEquals(Set.copyOf(List.of("id", field)), members(one.body()));
      assertEquals(whole.at(field), one.at(field));
      assertEquals(whole.header("ETag"), one.header("ETag"));
    }
  }

  @Test
  void a_list_shows_the_fields_asked_for_and_so_does_its_next_page() {
    at.enqueue("{\"kind\": \"a\"}");
    at.enqueue("{\"kind\": \"a\"}");

    Got page = at.get("/v1/jobs?fields=state,kind,state&limit=1").expect(200);
    assertEquals(
        Json.parse("{\"id\": \"2\", \"kind\": \"a\", \"state\": \"ready\"}"),
        Json.parse(page.at("data/0")));
    String next = page.header("Link").replaceAll("^<(.*)>; rel=\"next\"$", "$1");
    assertEquals(Set.of("id", "kind", "state"), members(at.get(next).expect(200).at("data/0")));
  }

  @Test
  void what_is_included_is_what_is_told_elsewhere() {
    String path = "/v1/jobs/" + failed();
    Got whole = at.get(path).expect(200);
    Got more = at.get(path + "?include=attempts,logs").expect(200);

    List<String> members = new ArrayList<>(members(more.body()));
    assertEquals("included", members.removeLast());
    assertEquals(List.copyOf(members(whole.body())), members);
    assertEquals("1", more.at("attempts"), "a number, as ever");
    assertEquals("bad", more.at("included/attempts/data/0/failure/code"));
    for (String name : List.of("attempts", "logs")) {
      Got alone = at.get(path + "?fields=id&include=" + name).expect(200);
      assertEquals(Set.of("id", "included"), members(alone.body()));
      assertEquals(Set.of(name), members(alone.at("included")));
      assertEquals(at.get(path + "/" + name).body().strip(), alone.at("included/" + name));
      assertEquals(alone.at("included/" + name), more.at("included/" + name));
    }
  }

  @Test
  void the_version_of_what_is_included_changes_with_it() {
    String id = at.enqueue("{\"kind\": \"a\"}");
    String claimed = at.post("/v1/worker/claim", "{\"worker\": \"w\", \"kinds\": [\"a\"]}").body();
    String path = "/v1/jobs/" + id + "?fields=state&include=logs";
    String lease = claimed.replaceAll("(?s).*\"lease\":\"([^\"]*)\".*", "$1");
    String before = at.get(path).expect(200).header("ETag");
    assertEquals(304, matching(path, before).status());

    at.post(
            "/v1/worker/heartbeat",
            "{\"worker\": \"w\", \"leases\": [{\"id\": \"%s\", \"lease\": \"%s\", \"logs\": [\"x\"]}]}"
                .formatted(id, lease))
        .expect(200);

    Got after = matching(path, before).expect(200);
    assertNotEquals(before, after.header("ETag"));
    assertEquals("x", after.at("included/logs/data/0/text"));
  }

  @Test
  void what_there_is_not_is_refused() {
    String path = "/v1/jobs/" + failed();

    assertEquals(
        "fields",
        at.get(path + "?fields=id,sate").refused(422, "validation").at("errors/0/pointer"));
    at.get(path + "?fields=").refused(422, "validation");
    at.get(path + "?fields=included").refused(422, "validation");
    at.get(path + "?include=attempts,history").refused(422, "validation");
    at.get("/v1/jobs?fields=sate").refused(422, "validation");
    at.get("/v1/jobs?include=logs").refused(422, "validation");
  }
}
