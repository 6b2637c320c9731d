package dev.quern.cli;

import dev.quern.IssuedToken;
import dev.quern.NewToken;
import dev.quern.Permission;
import dev.quern.Token;
import dev.quern.wire.AccessJson;
import dev.quern.wire.Members;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `quern token`: the tokens that callers of `quern serve` show.
final class TokenCommand {
  private static final Option<Set<Permission>> PERMISSIONS =
      Option.of("permissions", "A,B", "what it lets its bearer do", TokenCommand::permissions);
  private static final Option<String> TENANT =
      Option.text("tenant", "ID", "its bearer sees the jobs of this tenant alone (default: all)");
  private static final Option<Duration> EXPIRES =
      Option.duration("expires", "D", "it is good for D, such as 12h or 90d (default: for ever)");

  static final Command CREATE =
      Command.named("token create", "makes a token, and prints it this once")
          .operands("NAME", 1, 1)
          .options(PERMISSIONS, TENANT, EXPIRES)
          .example("quern token create web --permissions jobs:write,jobs:read > web.token")
          .example(
              "quern token create acme-worker --permissions worker --tenant acme --expires 90d")
          .details(
              """
              Permissions: jobs:read, jobs:write, worker, kinds:write, artifacts:read,
              artifacts:write, webhooks:write, and admin for everything. The token alone is on standard
              output; the database keeps no more than a digest, so it cannot be printed again.
              """)
          .atServersToo()
          .does(TokenCommand::create);

  static final Command LIST =
      Command.named("token list", "lists the tokens, without their secrets")
          .example("quern token list")
          .details(
              """
              On a pipe each token is a line of six fields separated by tabs: id, name, permissions,
              tenant, when it was last used, and whether it is good.
              """)
          .atServersToo()
          .does(TokenCommand::list);

  static final Command REVOKE =
      Command.named("token revoke", "makes a token useless, for good")
          .operands("ID", 1, 1)
          .example("quern token revoke 7hq2m4x0c5")
          .details("The id is in 'quern token list'. To revoke a token twice is fine.")
          .atServersToo()
          .does(TokenCommand::revoke);

  private TokenCommand() {}

  private static Set<Permission> permissions(String text) {
    return Values.names(text).stream().map(TokenCommand::permission).collect(Collectors.toSet());
  }

  private static Permission permission(String label) {
    List<String> labels = Arrays.stream(Permission.values()).map(Permission::label).toList();
    if (!labels.contains(label)) {
      throw new IllegalArgumentException(
          "no permission "
              + label
              + Nearest.hint(label, labels, "use some of " + String.join(", ", labels)));
    }
    return Permission.of(label);
  }

  // ---- create

  private static int create(Arguments arguments, Console console) throws IOException {
    if (!arguments.has(PERMISSIONS)) {
      throw new UsageException(
          "a token needs --permissions: --permissions jobs:read,jobs:write, or admin for all");
    }
    NewToken token =
        new NewToken(
            arguments.operand(0),
            arguments.value(PERMISSIONS),
            arguments.get(TENANT),
            Optional.empty());
    try (Queue queue = Queues.open(arguments, console)) {
      IssuedToken issued = queue.grants().issue(token, arguments.get(EXPIRES));
      if (arguments.json()) {
        console.json(json -> AccessJson.write(json, issued));
      } else {
        console.line(issued.text());
        console.flush();
        console.say(
            "token %s is made; it is not shown again, so keep it".formatted(issued.token().id()));
      }
    }
    return Exit.OK;
  }

  // ---- list

  private static int list(Arguments arguments, Console console) throws IOException {
    try (Queue queue = Queues.existing(arguments, console)) {
      List<Token> tokens = queue.grants().tokens();
      if (arguments.json()) {
        json(tokens, console);
      } else if (tokens.isEmpty()) {
        console.say("no tokens");
      } else {
        console.table(table(tokens, console.when()));
      }
    }
    return Exit.OK;
  }

  private static void json(List<Token> tokens, Console console) {
    console.json(json -> {
      json.beginArray();
      tokens.forEach(token -> AccessJson.write(json, token));
      json.endArray();
    });
  }

  private static Table table(List<Token> tokens, When when) {
    Table table = new Table("ID", "NAME", "PERMISSIONS", "TENANT", "USED", "STATUS");
    for (Token token : tokens) {
      table.row(
          token.id(),
          token.name(),
          token.permissions().stream()
              .map(Permission::label)
              .sorted()
              .collect(Collectors.joining(",")),
          token.tenant().orElse("all"),
          token.usedAt().map(when::brief).orElse("never"),
          status(token, when));
    }
    return table;
  }

  private static String status(Token token, When when) {
    if (token.revokedAt().isPresent()) {
      return "revoked, " + when.brief(token.revokedAt().get());
    }
    String expiry = token.validAt(when.now()) ? "good, expires " : "expired, ";
    return token.expiresAt().map(at -> expiry + when.brief(at)).orElse("good");
  }

  // ---- revoke

  private static int revoke(Arguments arguments, Console console) throws IOException {
    String id = id(arguments.operand(0));
    try (Queue queue = Queues.existing(arguments, console)) {
      if (!queue.grants().revoke(id)) {
        throw Failed.notFound("no token " + id + ": 'quern token list' lists their ids");
      }
    }
    if (arguments.json()) {
      console.json(json -> {
        json.beginObject();
        new Members(json).text("id", id).truth("revoked", true);
        json.endObject();
      });
    } else {
      console.line("token " + id + " is revoked");
    }
    return Exit.OK;
  }

  /// A token belongs on no command line, and in no log.
  private static String id(String typed) {
    if (typed.startsWith("quern_")) {
      throw new UsageException(
          "this is the token itself: name its id, as 'quern token list' prints it");
    }
    return typed;
  }
}
