package dev.quern.http;

import dev.quern.Backoff;
import dev.quern.KindPolicy;
import dev.quern.KindStatus;
import dev.quern.NewJob;
import dev.quern.Permission;
import dev.quern.Quern;
import dev.quern.Rate;
import dev.quern.wire.KindJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Kinds: what holds for them, pausing and resuming.
final class KindRoutes {
  private final Quern quern;

  KindRoutes(Quern quern) {
    this.quern = quern;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/kinds", this::list).needing(Permission.JOBS_READ),
        Route.get("/v1/kinds/{kind}", this::get).needing(Permission.JOBS_READ),
        Route.put("/v1/kinds/{kind}", Route.Body.JSON, this::put)
            .needing(Permission.KINDS_WRITE)
            .ofWhole(),
        Route.post("/v1/kinds/{kind}:pause", Route.Body.PERHAPS, this::pause)
            .needing(Permission.KINDS_WRITE)
            .ofWhole(),
        Route.post("/v1/kinds/{kind}:resume", Route.Body.PERHAPS, this::resume)
            .needing(Permission.KINDS_WRITE)
            .ofWhole());
  }

  private Answer list(Call call) {
    call.query().end();
    return Answer.list(call.view().kinds(), KindJson::write);
  }

  private Answer get(Call call) {
    call.query().end();
    String kind = kind(call);
    return call.caller().seesAll()
        ? shown(quern.kinds().get(kind))
        : call.view().kinds().stream()
            .filter(each -> each.kind().equals(kind))
            .findFirst()
            .map(KindRoutes::shown)
            .orElseThrow(() -> Problem.of(Fault.NOT_FOUND, "there are no jobs of kind " + kind));
  }

  private static String kind(Call call) {
    String kind = call.name("kind");
    Problem.checked("kind", () -> NewJob.json(kind, "null"));
    return kind;
  }

  private static Answer shown(KindStatus kind) {
    return Answer.json(json -> KindJson.write(json, kind));
  }

  private Answer pause(Call call) {
    call.query().end();
    Fields fields = call.fields();
    String reason = fields.text("reason").orElse("asked for over HTTP");
    fields.end();
    quern.kinds().pause(kind(call), reason);
    return shown(quern.kinds().get(kind(call)));
  }

  private Answer resume(Call call) {
    call.query().end();
    call.fields().end();
    quern.kinds().resume(kind(call));
    return shown(quern.kinds().get(kind(call)));
  }

  /// Sets the whole policy: what is left out has its default.
  private Answer put(Call call) {
    call.query().end();
    Fields fields = call.fields();
    KindPolicy policy = policy(fields);
    fields.end();
    quern.kinds().policy(kind(call), _ -> policy);
    return shown(quern.kinds().get(kind(call)));
  }

  private static KindPolicy policy(Fields fields) {
    KindPolicy policy = KindPolicy.DEFAULT;
    policy = with(policy, fields, "rank", fields.whole("rank"), KindPolicy::rank);
    policy =
        with(policy, fields, "maxAttempts", fields.whole("maxAttempts"), KindPolicy::maxAttempts);
    policy = with(policy, fields, "maxLosses", fields.whole("maxLosses"), KindPolicy::maxLosses);
    policy =
        with(
            policy,
            fields,
            "chargesLosses",
            fields.truth("chargesLosses"),
            KindPolicy::chargesLosses);
    policy =
        with(
            policy,
            fields,
            "timeoutSeconds",
            fields.seconds("timeoutSeconds"),
            KindPolicy::timeout);
    policy =
        with(policy, fields, "concurrency", fields.whole("concurrency"), KindPolicy::concurrency);
    policy =
        with(
            policy,
            fields,
            "totalConcurrency",
            fields.whole("totalConcurrency"),
            KindPolicy::totalConcurrency);
    policy = with(policy, fields, "keepsEnded", fields.truth("keepsEnded"), KindPolicy::keepsEnded);
    policy = with(policy, fields, "retired", fields.truth("retired"), KindPolicy::retired);
    return rate(backoff(policy, fields), fields);
  }

  private static KindPolicy backoff(KindPolicy policy, Fields fields) {
    Backoff plain = policy.backoff();
    Duration base = fields.seconds("backoffBaseSeconds").orElse(plain.base());
    Duration cap = fields.seconds("backoffCapSeconds").orElse(plain.cap());
    boolean jitter = fields.truth("backoffJitter").orElse(plain.jitter());
    return policy.backoff(
        fields.checked("backoffBaseSeconds", () -> new Backoff(base, cap, jitter)));
  }

  private static KindPolicy rate(KindPolicy policy, Fields fields) {
    Optional<Integer> starts = fields.whole("rateStarts");
    Optional<Duration> period = fields.seconds("ratePeriodSeconds");
    if (starts.isEmpty() && period.isEmpty()) {
      return policy;
    }
    int most = fields.required("rateStarts", starts);
    Duration each = fields.required("ratePeriodSeconds", period);
    return policy.rate(fields.checked("rateStarts", () -> new Rate(most, each)));
  }

  private interface Touch<T> {
    KindPolicy on(KindPolicy policy, T value);
  }

  private static <T> KindPolicy with(
      KindPolicy policy, Fields fields, String name, Optional<T> value, Touch<T> touch) {
    return value.isEmpty() ? policy : fields.checked(name, () -> touch.on(policy, value.get()));
  }
}
