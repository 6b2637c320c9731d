package dev.quern.http;

import dev.quern.Job;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request as endpoints see it.
///
/// @param names what stands for the names in the path of its route
/// @param query its parameters
/// @param caller who sent it
/// @param incoming its headers and body
/// @param body its JSON; empty if there is none
/// @param config how the server behaves
/// @param draining whether the server is about to stop
record Call(
    Map<String, String> names,
    Query query,
    Caller caller,
    Incoming incoming,
    String body,
    ServerConfig config,
    BooleanSupplier draining) {
  private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=(\\d{1,9})(?:$|[,;\\s])");

  /// What stands for a name in the path.
  String name(String name) {
    return names.get(name);
  }

  /// The job that the path names.
  long id() {
    return id(name("id"));
  }

  /// An id as it is written in paths and in JSON.
  static long id(String text) {
    try {
      long id = Long.parseLong(text);
      if (id > 0 && Long.toString(id).equals(text)) {
        return id;
      }
    } catch (NumberFormatException _) {
      // It is no id, so there is nothing that has it.
    }
    throw noJob(text);
  }

  /// That job.
  ///
  /// @throws Problem if it is not there, or not the caller's to see
  Job job() {
    return view().jobs().get(id()).orElseThrow(() -> noJob(id()));
  }

  static Problem noJob(Object id) {
    return Problem.of(Fault.NOT_FOUND, "there is no job " + id);
  }

  /// What the caller sees.
  View view() {
    return caller.view();
  }

  /// The members of the body; none if there is no body.
  Fields fields() {
    return Fields.of(body.isEmpty() ? "{}" : body);
  }

  /// A header.
  Optional<String> header(String name) {
    return incoming.header(name);
  }

  /// How long the client wants to wait for what is not there yet: `Prefer: wait=SECONDS`, or the
  /// parameter `wait` for those who cannot set headers.
  Duration patience() {
    int asked = Math.max(0, query.whole("wait").orElse(0));
    Matcher preferred = WAIT.matcher(header("Prefer").orElse(""));
    int seconds = preferred.find() ? Integer.parseInt(preferred.group(1)) : asked;
    Duration wanted = Duration.ofSeconds(seconds);
    return wanted.compareTo(config.longestWait()) > 0 ? config.longestWait() : wanted;
  }

  /// Whether the client prefers something that takes no value.
  boolean prefers(String preference) {
    return header("Prefer").orElse("").contains(preference);
  }

  /// Lets this request take so long, besides what all may take.
  void mayTake(Duration time) {
    Guard.current().within(config.handlerDeadline().plus(time));
  }
}
