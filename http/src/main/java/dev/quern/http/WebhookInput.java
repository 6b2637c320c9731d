package dev.quern.http;

import dev.quern.JobState;
import dev.quern.NewWebhook;
import dev.quern.WebhookReplay;
import dev.quern.WebhookSignature;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Webhooks, and what is asked of them, as they come in.
final class WebhookInput {
  private WebhookInput() {}

  /// Reads a new webhook.
  ///
  /// @param targets refuses a URL
  /// @throws Problem if it makes no sense
  static NewWebhook created(Fields fields, Consumer<String> targets) {
    Optional<String> secret = fields.text("secret");
    WebhookSignature signature =
        fields.checked(
            "signature",
            () -> fields.text("signature").map(WebhookSignature::of).orElse(WebhookSignature.V1));
    NewWebhook plain = changed(fields).signature(signature);
    return fields.checked(
        "url",
        () -> {
          targets.accept(plain.url());
          return secret.map(plain::secret).orElse(plain);
        });
  }

  /// Reads all of a webhook but what signs: what is left out has its default.
  ///
  /// @throws Problem if it makes no sense
  static NewWebhook changed(Fields fields) {
    String url = fields.required("url", fields.text("url"));
    NewWebhook plain = fields.checked("url", () -> NewWebhook.of(url));
    List<String> labels = fields.texts("states").orElse(List.of("done", "failed", "cancelled"));
    Set<JobState> states =
        fields.checked(
            "states", () -> labels.stream().map(JobState::of).collect(Collectors.toSet()));
    Set<String> kinds = Set.copyOf(fields.texts("kinds").orElse(List.of()));
    String description = fields.text("description").orElse("");
    fields.end();
    return Problem.checked(
        fields.pointer(),
        () ->
            new NewWebhook(
                plain.url(), states, kinds, description, plain.signature(), Optional.empty()));
  }

  /// Reads which deliveries are to be sent again.
  ///
  /// @throws Problem if it makes no sense
  static WebhookReplay replay(Fields fields) {
    Instant from = fields.required("from", fields.instant("from"));
    Optional<Instant> to = fields.instant("to");
    boolean all = fields.truth("all").orElse(false);
    int limit = fields.whole("limit").orElse(WebhookReplay.LIMIT);
    Optional<String> after = fields.text("after");
    fields.end();
    WebhookReplay since = fields.checked("from", () -> WebhookReplay.of(from)).all(all);
    WebhookReplay range = fields.checked("to", () -> to.map(since::to).orElse(since));
    WebhookReplay page = fields.checked("limit", () -> range.limit(limit));
    return after.map(next -> page.after(delivery(fields, next))).orElse(page);
  }

  private static long delivery(Fields fields, String next) {
    try {
      return Call.id(next);
    } catch (Problem _) {
      throw Problem.at(fields.pointer() + "/after", "must be the next of an answer");
    }
  }
}
