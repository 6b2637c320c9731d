package dev.quern.cli;

import dev.quern.QuernConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Finds the queue that a command is about: that of a server, `--url` or `$QUERN_URL`, or else that
/// of a [Database].
final class Queues {
  static final Option<URI> URL =
      Option.of("url", "URL", "ask this server instead (or $QUERN_URL)", Values::url);
  static final Option<Path> TOKEN_FILE =
      Option.path("token-file", "FILE", "the token for --url is in this file (or in $QUERN_TOKEN)");
  static final Option<String> TOKEN =
      Option.text("token", "TOKEN", "the token itself; other users of this machine can see it");

  /// The options of commands that can ask a server.
  static final List<Option<?>> OPTIONS = List.of(URL, TOKEN_FILE, TOKEN);

  private Queues() {}

  /// Opens a queue that must be there.
  ///
  /// @throws Failed if it is not
  static Queue existing(Arguments arguments, Console console) throws IOException {
    Optional<URI> url = url(arguments, console);
    return url.isPresent()
        ? remote(url.get(), arguments, console)
        : new LocalQueue(Database.existing(arguments, console));
  }

  /// Opens a queue; a database is created if it does not exist.
  static Queue open(Arguments arguments, Console console) throws IOException {
    Optional<URI> url = url(arguments, console);
    return url.isPresent()
        ? remote(url.get(), arguments, console)
        : new LocalQueue(Database.open(arguments, console, QuernConfig.DEFAULT));
  }

  private static Queue remote(URI url, Arguments arguments, Console console) throws IOException {
    return new RemoteQueue(new Server(url, token(arguments, console)));
  }

  // ---- where

  private static Optional<URI> url(Arguments arguments, Console console) {
    if (arguments.has(URL) && arguments.has(Common.DB)) {
      throw new UsageException("either --db or --url, not both");
    }
    Optional<URI> url =
        arguments.has(Common.DB)
            ? Optional.empty()
            : arguments.get(URL).or(() -> console.environment("QUERN_URL").map(Queues::named));
    if (url.isPresent() && !arguments.has(URL) && console.environment("QUERN_DB").isPresent()) {
      throw new UsageException("QUERN_DB and QUERN_URL are both set: choose with --db or --url");
    }
    if (url.isEmpty() && (arguments.has(TOKEN) || arguments.has(TOKEN_FILE))) {
      throw new UsageException("a token is for a server: name that with --url");
    }
    return url;
  }

  private static URI named(String text) {
    try {
      return Values.url(text);
    } catch (IllegalArgumentException bad) {
      throw new UsageException("QUERN_URL: " + bad.getMessage());
    }
  }

  // ---- with which token

  private static Optional<String> token(Arguments arguments, Console console) throws IOException {
    if (arguments.has(TOKEN) && arguments.has(TOKEN_FILE)) {
      throw new UsageException("either --token or --token-file, not both");
    }
    if (arguments.has(TOKEN_FILE)) {
      Path file = arguments.value(TOKEN_FILE);
      return Optional.of(checked(file.toString(), Files.readString(file).strip()));
    }
    return arguments
        .get(TOKEN)
        .map(token -> checked("--token", token))
        .or(() -> console.environment("QUERN_TOKEN").map(token -> checked("QUERN_TOKEN", token)));
  }

  /// What is no token is not told: it may be a part of one.
  private static String checked(String from, String token) {
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new UsageException(
          from + ": this is no token, which is one word of visible ASCII characters");
    }
    return token;
  }
}
