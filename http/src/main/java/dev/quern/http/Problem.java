package dev.quern.http;

import dev.quern.ArtifactRefusedException;
import dev.quern.StoreException;
import dev.quern.TenantRefusedException;
import dev.quern.json.JsonWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What is wrong, told to the client as RFC 9457 says. Everything that a client is told of a fault
/// is made here.
sealed class Problem extends RuntimeException permits Problem.NotAllowed {
  private static final long serialVersionUID = 1L;

  /// How long a client should wait before it tries again.
  private static final int RETRY_SECONDS = 1;

  private final Fault fault;
  private final transient List<Place> places;
  private final String instance;
  private final boolean closes;

  /// What is wrong at one place of a body, which is named by a JSON pointer, or with one parameter.
  record Place(String pointer, String detail) {}

  Problem(Fault fault, String detail, List<Place> places, String instance, boolean closes) {
    super(detail, null, false, false);
    this.fault = fault;
    this.places = places;
    this.instance = instance;
    this.closes = closes;
  }

  /// A problem; `detail` says what to do about it.
  static Problem of(Fault fault, String detail) {
    return new Problem(fault, detail, List.of(), "", false);
  }

  /// A problem after which nothing more is read from the connection.
  static Problem closing(Fault fault, String detail) {
    return new Problem(fault, detail, List.of(), "", true);
  }

  /// A value that makes no sense.
  static Problem at(String pointer, String detail) {
    return of(List.of(new Place(pointer, detail)));
  }

  /// Values that make no sense.
  static Problem of(List<Place> places) {
    Place first = places.getFirst();
    String detail = first.pointer().isEmpty() ? "" : first.pointer() + ": ";
    return new Problem(Fault.VALIDATION, detail + first.detail(), places, "", false);
  }

  /// A fault of our own, which a client learns only the number of.
  static Problem internal(String instance) {
    return new Problem(
        Fault.INTERNAL,
        "the log of the server has more, under this number",
        List.of(),
        instance,
        true);
  }

  /// What the store could not do; empty if it is a fault of our own.
  static Optional<Problem> of(StoreException fault) {
    return switch (fault) {
      case StoreException.Busy _ -> Optional.of(of(Fault.BUSY, "nothing was changed: try again"));
      case StoreException.Full _ ->
          Optional.of(of(Fault.STORAGE_FULL, "nothing was changed: make room, then try again"));
      case StoreException.OutcomeUnknown _ ->
          Optional.of(
              of(Fault.OUTCOME_UNKNOWN, "look it up, or ask again with the same dedupeKey"));
      default -> Optional.empty();
    };
  }

  /// What the engine refuses, or the store could not do; empty if it is a fault of our own.
  static Optional<Problem> known(Throwable fault) {
    return switch (fault) {
      case Problem problem -> Optional.of(problem);
      case StoreException store -> of(store);
      case TenantRefusedException refused -> Optional.of(of(refused));
      case ArtifactRefusedException refused -> Optional.of(of(refused));
      default -> Optional.empty();
    };
  }

  private static Problem of(TenantRefusedException refused) {
    return of(
        refused.reason() == TenantRefusedException.Reason.SUSPENDED
            ? Fault.FORBIDDEN
            : Fault.QUOTA_EXCEEDED,
        refused.getMessage());
  }

  private static Problem of(ArtifactRefusedException refused) {
    Fault fault =
        switch (refused.reason()) {
          case TOO_LONG -> Fault.PAYLOAD_TOO_LARGE;
          case TOO_MANY -> Fault.INVALID_STATE;
          case OTHER_CONTENT -> Fault.VALIDATION;
        };
    return closing(fault, refused.getMessage());
  }

  /// What the engine answers to values of the client's; it refuses them with an
  /// [IllegalArgumentException].
  static <T> T checked(String pointer, Supplier<T> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException refused) {
      throw at(pointer, refused.getMessage());
    }
  }

  Fault fault() {
    return fault;
  }

  /// Whether the connection is to be closed.
  boolean closes() {
    return closes;
  }

  /// The same, of a value that is inside another.
  Problem inside(String pointer) {
    List<Place> inside =
        places.stream().map(p -> new Place(pointer + p.pointer(), p.detail())).toList();
    return inside.isEmpty() ? this : of(inside);
  }

  /// The answer that tells of it.
  Answer answer() {
    Answer answer =
        Answer.json(fault.status(), this::write).with("Content-Type", "application/problem+json");
    answer = fault.retryable() ? answer.with("Retry-After", "" + RETRY_SECONDS) : answer;
    answer = fault == Fault.UNAUTHORIZED ? answer.with("WWW-Authenticate", "Bearer") : answer;
    return closes ? answer.closing() : answer;
  }

  /// A path that knows other methods.
  static final class NotAllowed extends Problem {
    private static final long serialVersionUID = 1L;

    private final String allowed;

    NotAllowed(String allowed) {
      super(Fault.METHOD_NOT_ALLOWED, "use " + allowed, List.of(), "", false);
      this.allowed = allowed;
    }

    @Override
    Answer answer() {
      return super.answer().with("Allow", allowed);
    }
  }

  /// It as one JSON object.
  void write(JsonWriter json) {
    json.beginObject();
    json.name("type").value("/problems/" + fault.label());
    json.name("title").value(fault.title());
    json.name("status").value(fault.status());
    json.name("detail").value(getMessage());
    if (!instance.isEmpty()) {
      json.name("instance").value(instance);
    }
    writePlaces(json);
    json.name("retryable").value(fault.retryable());
    if (fault.retryable()) {
      json.name("retryAfterSeconds").value(RETRY_SECONDS);
    }
    json.endObject();
  }

  private void writePlaces(JsonWriter json) {
    if (!places.isEmpty()) {
      json.name("errors").beginArray();
      for (Place place : places) {
        json.beginObject();
        json.name("pointer").value(place.pointer());
        json.name("detail").value(place.detail()).endObject();
      }
      json.endArray();
    }
  }
}
