package dev.quern;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// URLs that are told when jobs end. Safe for use by several threads.
///
/// Each end is told by a delivery, a job of the kind `quern.webhook` that is enqueued in the
/// transaction that records the end, so that neither is there without the other. It is sent at
/// least once by any engine that is started ([WebhookTargets]), in no order, and signed as
/// [Standard Webhooks](https://www.standardwebhooks.com) 1.0.0 says. A status of 2xx takes it, 410
/// disables the webhook, and after all else, redirects included, it is tried again: after 5 s, 5
/// min, 30 min, 2, 5, 10, 14, 20 and 24 h, or later where `Retry-After` asks for it. A webhook that
/// has answered nothing but failures for five days is disabled.
///
/// What is sent is small:
///
/// ```json
/// {"type":"job.failed","timestamp":"2030-01-01T00:00:00.000Z","data":{"id":"7","kind":"email.send","state":"failed",
///  "attempts":5,"tenant":"","failure":{"code":"smtp_550","message":"no such mailbox"}}}
/// ```
///
/// The operator's webhooks are told of all jobs, a tenant's of its own alone. A job can have a URL
/// of its own too ([NewJob#webhook]), whose deliveries are signed with [#jobSecret].
///
/// A webhook is signed with a secret that the receiver has, too, or with a key of which the
/// receiver has the public half ([WebhookSignature]); that is chosen when it is created.
public sealed interface Webhooks permits dev.quern.webhook.WebhookDesk {

  /// The most webhooks of one tenant, and of the operator.
  int LIMIT = 50;

  /// The most deliveries in one list.
  int DELIVERIES_LIMIT = 1_000;

  /// Looks at a URL as [#create] does, and [Quern#enqueue] at that of a job; asks no name server.
  ///
  /// @throws IllegalArgumentException if it is refused
  void check(String url);

  /// Creates a webhook. Its secret cannot be had again; a public key can, with the webhook.
  ///
  /// @throws IllegalArgumentException if the URL or the secret is refused, or the secret is not one
  ///   of the signature
  /// @throws IllegalStateException if there are [#LIMIT] already
  IssuedWebhook create(NewWebhook webhook);

  /// A webhook by its id.
  Optional<Webhook> get(String id);

  /// All webhooks, by time.
  List<Webhook> list();

  /// Changes a webhook; what is on its way goes to the new URL.
  ///
  /// @return as it is now; empty if there is none
  /// @throws IllegalArgumentException if the URL is refused, a secret is given, or another
  ///   signature
  Optional<Webhook> update(String id, UnaryOperator<NewWebhook> change);

  /// Stops telling a webhook; what is on its way to it is cancelled when its turn comes.
  ///
  /// @return whether there is one
  boolean disable(String id, String reason);

  /// Goes on telling a webhook, of the ends that come.
  ///
  /// @return whether there is one
  boolean enable(String id);

  /// Deletes a webhook; what is on its way to it is cancelled when its turn comes.
  ///
  /// @return whether there was one
  boolean delete(String id);

  /// Gives a webhook another secret, or another key, of the same signature. The one before signs
  /// too for 24 hours, if it is not rotated again.
  ///
  /// @return what the receiver verifies with from now on, as [IssuedWebhook#secret] has it: the new
  ///   secret, which cannot be had again, or the new public key; empty if there is no such webhook
  Optional<String> rotateSecret(String id);

  /// Sends a webhook an event of the type `webhook.test`.
  ///
  /// @return the delivery; empty if there is no such webhook
  /// @throws IllegalStateException if it is disabled
  Optional<WebhookDelivery> test(String id);

  /// The deliveries to a webhook that retention has left, newest first.
  ///
  /// @param limit how many at most, 1 to [#DELIVERIES_LIMIT]
  List<WebhookDelivery> deliveries(String id, int limit);

  /// The deliveries that tell of a job, newest first.
  ///
  /// @param limit how many at most, 1 to [#DELIVERIES_LIMIT]
  List<WebhookDelivery> deliveriesOf(long job, int limit);

  /// Sends a delivery again, as it was and under the same id, or sends it now if it waits for its
  /// next attempt.
  ///
  /// @return as it is now; empty if there is none
  Optional<WebhookDelivery> redeliver(long delivery);

  /// Sends the deliveries to a webhook of a range of time again, the oldest first: each as it was
  /// and under the same id. Those that wait for their next attempt are sent now, those on their way
  /// are left alone, so a second call sends nothing twice that the first one has under way. What
  /// retention has deleted cannot be sent again, and neither can an end of which the webhook was
  /// never told, such as one while it was disabled.
  ///
  /// One call sends at most [WebhookReplay#limit], in one transaction, and says where to go on.
  ///
  /// @return what was done; empty if there is no such webhook
  /// @throws IllegalArgumentException if the range begins in the future
  /// @throws IllegalStateException if the webhook is disabled
  Optional<Replayed> replay(String id, WebhookReplay range);

  /// What signs the deliveries to URLs of single jobs, as [WebhookSignature#V1] does: of this
  /// tenant's jobs, or of nobody's. Made at the first call, or with the first delivery.
  String jobSecret();

  /// Gives the URLs of single jobs another secret. The one before signs too for 24 hours.
  ///
  /// @return the new secret
  String rotateJobSecret();
}
