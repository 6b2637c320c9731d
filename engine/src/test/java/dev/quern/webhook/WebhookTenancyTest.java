package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ClaimRequest;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.NewJob;
import dev.quern.NewWebhook;
import dev.quern.Quern;
import dev.quern.Tenancy;
import dev.quern.WebhookReplay;
import dev.quern.WebhookTargets;
import dev.quern.Webhooks;
import dev.quern.support.TestStore;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Who is told of whose jobs, and who may do what to whose webhook, for every method.
class WebhookTenancyTest {
  private static final NewJob MAIL = NewJob.json("mail", "1");

  @RegisterExtension final TestStore store = new TestStore();

  private final Receiver receiver = new Receiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private Quern quern() {
    return store
        .manual(store.config().webhookTargets(WebhookTargets.ANY))
        .handle("mail", Integer.class, (_, _) -> {})
        .start();
  }

  private static Tenancy tenant(Quern quern, String id) {
    quern.access().tenants().create(id, policy -> policy);
    return quern.tenant(id);
  }

  private NewWebhook hook(String of) {
    return NewWebhook.of(receiver.url() + "&of=" + of);
  }

  /// Who was told, in any order.
  private List<String> told() {
    return receiver.take().stream().map(got -> got.path().split("of=")[1]).sorted().toList();
  }

  @Test
  void a_tenant_is_told_of_its_own_jobs_and_the_operator_of_all() {
    var quern = quern();
    var acme = tenant(quern, "acme");
    var other = tenant(quern, "other");
    acme.webhooks().create(hook("acme"));
    other.webhooks().create(hook("other"));
    quern.webhooks().create(hook("operator"));

    acme.enqueue(MAIL);
    quern.tick();
    assertEquals(List.of("acme", "operator"), told());
    other.enqueue(MAIL);
    quern.tick();
    assertEquals(List.of("operator", "other"), told());
    quern.enqueue(MAIL);
    quern.tick();
    assertEquals(List.of("operator"), told());
  }

  @Test
  void a_tenant_sees_neither_deliveries_among_its_jobs_nor_those_to_others() {
    var quern = quern();
    var acme = tenant(quern, "acme");
    quern.access().tenants().update("acme", policy -> policy.liveJobs(1));
    var hook = acme.webhooks().create(hook("acme"));
    quern.webhooks().create(hook("operator"));
    receiver.answers(500).answers(500);
    long id = acme.enqueue(MAIL).id();
    quern.tick();

    var seen = acme.webhooks().deliveriesOf(id, 10);
    assertEquals(1, seen.size());
    assertEquals(hook.webhook().id(), seen.getFirst().webhook().orElseThrow());
    assertEquals(2, quern.webhooks().deliveriesOf(id, 10).size());
    assertEquals(1, acme.jobs().list(JobFilter.ALL).jobs().size());
    assertTrue(acme.jobs().get(seen.getFirst().id()).isEmpty());
    assertEquals(1, acme.kinds().size());
    assertTrue(acme.enqueue(MAIL).isNew(), "what waits for its next attempt takes no room");
  }

  @Test
  void a_delivery_cannot_be_claimed_by_a_tenant() {
    var quern = store.manual(store.config().webhookTargets(WebhookTargets.NONE));
    var acme = tenant(quern, "acme");
    acme.webhooks().create(NewWebhook.of("https://hook.example"));
    acme.enqueue(MAIL);
    acme.claim(ClaimRequest.of("mail")).getFirst().complete();

    assertEquals(1, quern.jobs().counts().of("quern.webhook", JobState.READY));
    assertEquals(List.of(), acme.claim(ClaimRequest.of("mail")));
    assertEquals(0, acme.jobs().counts().of("quern.webhook", JobState.READY));
  }

  @Test
  void urls_of_single_jobs_are_signed_with_a_secret_of_their_tenant() {
    var quern = quern();
    var acme = tenant(quern, "acme");
    acme.enqueue(MAIL.webhook(receiver.url()));
    quern.tick();

    var got = receiver.got().getFirst();
    assertTrue(got.signedBy(acme.webhooks().jobSecret()));
    assertFalse(got.signedBy(quern.webhooks().jobSecret()));
    assertNotEquals(acme.webhooks().jobSecret(), tenant(quern, "other").webhooks().jobSecret());
  }

  /// Whether a method let a viewer reach a webhook, or its delivery.
  private interface Probe {
    boolean reaches(Webhooks view, String hook, long delivery);
  }

  private static final Map<String, Probe> PROBES = new TreeMap<>();

  static {
    PROBES.put("get", (view, hook, _) -> view.get(hook).isPresent());
    PROBES.put(
        "list", (view, hook, _) -> view.list().stream().anyMatch(each -> each.id().equals(hook)));
    PROBES.put("update", (view, hook, _) -> view.update(hook, same -> same).isPresent());
    PROBES.put("disable", (view, hook, _) -> view.disable(hook, ""));
    PROBES.put("enable", (view, hook, _) -> view.enable(hook));
    PROBES.put("rotateSecret", (view, hook, _) -> view.rotateSecret(hook).isPresent());
    PROBES.put("test", (view, hook, _) -> view.test(hook).isPresent());
    PROBES.put("deliveries", (view, hook, _) -> !view.deliveries(hook, 10).isEmpty());
    PROBES.put(
        "deliveriesOf",
        (view, _, delivery) ->
            view.deliveriesOf(delivery - 1, 10).stream().anyMatch(d -> d.id() == delivery));
    PROBES.put("redeliver", (view, _, delivery) -> view.redeliver(delivery).isPresent());
    PROBES.put(
        "replay",
        (view, hook, _) -> view.replay(hook, WebhookReplay.of(Instant.EPOCH)).isPresent());
    PROBES.put("delete", (view, hook, _) -> view.delete(hook));
  }

  /// What reaches nothing that is there.
  private static final List<String> OTHERS =
      List.of("check", "create", "jobSecret", "rotateJobSecret");

  @Test
  void no_method_lets_a_tenant_reach_the_webhook_of_another() {
    var quern = store.manual(store.config().webhookTargets(WebhookTargets.NONE));
    var views =
        Map.of(
            "acme", tenant(quern, "acme").webhooks(),
            "other", tenant(quern, "other").webhooks(),
            "operator", quern.webhooks());
    for (String viewer : views.keySet()) {
      for (String owner : views.keySet()) {
        PROBES.forEach((name, probe) -> {
          var own = views.get(owner).create(NewWebhook.of("https://hook.example"));
          var hook = own.webhook().id();
          long job =
              owner.equals("operator")
                  ? quern.enqueue(MAIL).id()
                  : quern.tenant(owner).enqueue(MAIL).id();
          quern.claim(ClaimRequest.of("mail")).getFirst().complete();
          long delivery = views.get(owner).deliveries(hook, 1).getFirst().id();
          assertEquals(job + 1, delivery);

          boolean reached = probe.reaches(views.get(viewer), hook, delivery);

          assertEquals(
              viewer.equals(owner) || viewer.equals("operator"),
              reached,
              name + " by " + viewer + " on the webhook of " + owner);
          views.get(owner).delete(hook);
        });
      }
    }
  }

  @Test
  void every_method_is_looked_at() {
    var methods = new TreeSet<>(PROBES.keySet());
    methods.addAll(OTHERS);

    assertEquals(
        methods,
        Arrays.stream(Webhooks.class.getDeclaredMethods())
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new)));
  }
}
