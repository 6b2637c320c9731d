package dev.quern.webhook;

import dev.quern.JobContext;
import dev.quern.JobDeferredException;
import dev.quern.JobFailedException;
import dev.quern.WebhookTargets;
import dev.quern.core.Core;
import dev.quern.core.RawHandler;
import dev.quern.webhook.Errands.Errand;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocketFactory;

/// Makes deliveries: the handler of their kind. Safe for use by several threads.
public final class Postman implements RawHandler {
  /// How long a delivery may take, from the lookup of the name to the answer.
  static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final int GONE = 410;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private final Core core;
  private final Post post;
  private final Errands errands;
  private final Conduct conduct;
  private final Endpoints endpoints = new Endpoints();
  private final AtomicBoolean employed = new AtomicBoolean();

  Postman(Core core, Post post, Conduct conduct) {
    this.core = core;
    this.post = post;
    this.errands = new Errands(core);
    this.conduct = conduct;
  }

  /// The one of an engine.
  public static Postman of(Core core) {
    Frontier frontier = new Frontier(core.config().webhookTargets(), Resolver.SYSTEM);
    Post post = new Post(frontier, Postman::tls, TIMEOUT);
    return new Postman(core, post, new Conduct(core, Conduct.BACKLOG));
  }

  private static SSLSocketFactory tls() {
    return (SSLSocketFactory) SSLSocketFactory.getDefault();
  }

  /// Lets the engine make deliveries, unless it is configured not to. Calling it twice is fine.
  public void employ() {
    if (core.config().webhookTargets() != WebhookTargets.NONE
        && employed.compareAndSet(false, true)) {
      core.handleOwn(Informer.KIND, this);
    }
  }

  private long now() {
    return core.store().clock().millis();
  }

  @Override
  public void handle(JobContext context) throws IOException {
    Errand errand = errands.of(context.jobId());
    String endpoint = errand.target().authority();
    Optional<Duration> wait = endpoints.enter(endpoint, now());
    if (wait.isPresent()) {
      errand.webhook().ifPresent(conduct::waited);
      throw new JobDeferredException(
          wait.get(),
          "%d deliveries to %s are under way".formatted(Endpoints.CONCURRENCY, endpoint));
    }
    long begun = System.nanoTime();
    try {
      judge(context, errand, answer(context, errand));
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      endpoints.leave(endpoint, now(), took.toMillis());
    }
  }

  // ---- the request

  private Answer answer(JobContext context, Errand errand) throws IOException {
    try {
      return post.send(errand.target(), headers(context, errand.keys()), context.payload());
    } catch (IOException fault) {
      if (context.stopping()) {
        // It is no fault of the other side.
        throw fault;
      }
      String code = fault instanceof Frontier.Refused ? "target_refused" : "no_answer";
      throw failed(context, errand, code, words(fault), Duration.ZERO);
    }
  }

  private static String words(IOException fault) {
    String name = fault.getClass().getSimpleName();
    return fault.getMessage() == null ? name : name + ": " + fault.getMessage();
  }

  private Map<String, String> headers(JobContext context, Keys keys) {
    String id = messageId(context.jobId());
    long now = now();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(Math.floorDiv(now, 1_000L)));
    headers.put("webhook-signature", keys.signatures(id, now, context.payload()));
    return headers;
  }

  /// The same for all attempts, and for no other delivery of any store.
  private String messageId(long delivery) {
    return "msg_" + core.store().identity().replace("-", "") + "_" + delivery;
  }

  // ---- the answer

  private void judge(JobContext context, Errand errand, Answer answer) {
    String words = "answered with the status " + answer.status();
    if (answer.taken()) {
      context.resultJson(Receipt.result(answer));
      errand.webhook().ifPresent(conduct::succeeded);
    } else if (answer.status() == GONE) {
      errand.webhook().ifPresent(webhook -> conduct.disable(webhook, words));
      throw JobFailedException.unrecoverable(Receipt.code(answer), words);
    } else {
      throw failed(context, errand, Receipt.code(answer), words, asked(answer));
    }
  }

  private Duration asked(Answer answer) {
    boolean busy = answer.status() == TOO_MANY || answer.status() == UNAVAILABLE;
    return answer
        .retryAfter()
        .filter(_ -> busy)
        .flatMap(text -> Schedule.asked(text, Instant.ofEpochMilli(now())))
        .orElse(Duration.ZERO);
  }

  /// What an attempt ends with that may succeed later: it is made again no sooner than it was asked
  /// for.
  private JobFailedException failed(
      JobContext context, Errand errand, String code, String words, Duration asked) {
    errand.webhook().ifPresent(conduct::failed);
    Duration wait = Schedule.after(context.attempt(), ThreadLocalRandom.current());
    return JobFailedException.retryAfter(wait.compareTo(asked) < 0 ? asked : wait, code, words);
  }
}
