package dev.quern.cli;

import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.function.Function;

/// What a Quern server answered: a JSON object, nothing, or what is wrong (RFC 9457).
///
/// @param url of the server
/// @param status from 200 to 299, 304, or that of a problem
/// @param version the version of what is shown, for [Server#get]
/// @param body the object; empty if there is none
/// @param problem whether the body says what is wrong
record Reply(
    String url, int status, Optional<String> version, Optional<Received> body, boolean problem) {
  private static final int NOT_MODIFIED = 304;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  /// Reads an answer.
  ///
  /// @throws Failed if no Quern can have written it
  static Reply of(String url, HttpResponse<String> answer) {
    int status = answer.statusCode();
    Reply plain =
        new Reply(
            url, status, answer.headers().firstValue("ETag"), Optional.empty(), status >= 400);
    if (status == NOT_MODIFIED || status >= 200 && status < 300 && answer.body().isEmpty()) {
      return plain;
    }
    if (status < 200 || status >= 300 && status < 400) {
      throw plain.strange("");
    }
    Reply reply =
        new Reply(url, status, plain.version, Optional.of(plain.read(answer)), plain.problem);
    reply.checkProblem();
    return reply;
  }

  private Received read(HttpResponse<String> answer) {
    try {
      return Received.of(answer.body());
    } catch (IllegalArgumentException _) {
      throw strange("");
    }
  }

  private void checkProblem() {
    if (problem && !read(body -> body.text("type")).startsWith("/problems/")) {
      throw strange("");
    }
  }

  private Failed strange(String more) {
    return Failed.notFound(
        "%s does not answer as a Quern server does (status %d)%s: is the URL right?"
            .formatted(url, status, more));
  }

  // ---- what it says

  /// Whether it is the problem that there is no such thing.
  boolean missing() {
    return problem && status == NOT_FOUND;
  }

  /// Whether it is the problem that the state of a thing does not allow it.
  boolean conflict() {
    return problem && status == CONFLICT;
  }

  /// The object.
  ///
  /// @throws Failed if it says what is wrong, or makes no sense
  <T> T as(Function<Received, T> reader) {
    orThrow();
    return read(reader);
  }

  /// The object; empty if there is no such thing.
  ///
  /// @throws Failed if it says that something else is wrong, or makes no sense
  <T> Optional<T> perhaps(Function<Received, T> reader) {
    return missing() ? Optional.empty() : Optional.of(as(reader));
  }

  private <T> T read(Function<Received, T> reader) {
    try {
      return reader.apply(body.orElseThrow(() -> strange("")));
    } catch (IllegalArgumentException | DateTimeException misfit) {
      throw strange(": " + misfit.getMessage());
    }
  }

  /// @throws Failed if it says what is wrong
  Reply orThrow() {
    if (problem) {
      throw new Failed(exit(), line());
    }
    return this;
  }

  private int exit() {
    return switch (status) {
      case NOT_FOUND -> Exit.NOT_FOUND;
      case CONFLICT -> Exit.CONFLICT;
      default -> Exit.FAILED;
    };
  }

  private String line() {
    if (status == UNAUTHORIZED) {
      return url
          + " wants a valid token: name a file that has one with --token-file, or set QUERN_TOKEN;"
          + " 'quern token create' makes one";
    }
    String detail = detail();
    return status < 500 ? detail : read(body -> body.text("title")) + ": " + detail;
  }

  /// What is wrong, as the server says it.
  String detail() {
    return read(body -> body.text("detail"));
  }
}
