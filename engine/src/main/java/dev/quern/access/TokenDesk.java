package dev.quern.access;

import dev.quern.IssuedToken;
import dev.quern.NewToken;
import dev.quern.StoreException;
import dev.quern.Token;
import dev.quern.Tokens;
import dev.quern.core.Core;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The tokens, as the lobby offers them. What was looked up is remembered for a second, since a
/// busy caller shows the same token with every request.
public final class TokenDesk implements Tokens {
  private static final Logger LOG = System.getLogger(TokenDesk.class.getName());
  private static final long FRESH_MILLIS = 1_000;
  private static final long USE_MILLIS = 60_000;
  private static final int KNOWN_LIMIT = 10_000;

  /// What an unknown token is compared with: no secret has this digest.
  private static final String DUMMY = "-".repeat(64);

  private final Core core;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Long> used = new ConcurrentHashMap<>();

  private record Known(TokenTable.Row row, long readAt) {
    boolean fresh(long now) {
      return now >= readAt && now - readAt < FRESH_MILLIS;
    }
  }

  /// The tokens of the store of an engine.
  public TokenDesk(Core core) {
    this.core = core;
  }

  // ---- issuing

  @Override
  public IssuedToken issue(NewToken token) {
    TokenText text = TokenText.random();
    String digest = digest(text.secret());
    long now = now();
    boolean issued =
        core.store()
            .writer()
            .write(tx -> {
              boolean known =
                  token.tenant().isEmpty() || TokenTable.knowsTenant(tx, token.tenant().get());
              if (known) {
                TokenTable.insert(tx, text.id(), token, digest, now);
              }
              return known;
            });
    if (!issued) {
      throw new IllegalArgumentException(
          "there is no tenant \"%s\": create it first".formatted(token.tenant().orElseThrow()));
    }
    return new IssuedToken(text.text(), get(text.id()).orElseThrow());
  }

  @Override
  public boolean revoke(String id) {
    long now = now();
    boolean revoked = core.store().writer().write(tx -> TokenTable.revoke(tx, id, now));
    known.remove(id);
    return revoked;
  }

  // ---- looking

  @Override
  public Optional<Token> get(String id) {
    return find(id).map(TokenTable.Row::token);
  }

  private Optional<TokenTable.Row> find(String id) {
    return core.store().readers().read(tx -> TokenTable.find(tx, id));
  }

  @Override
  public List<Token> list() {
    return core.store().readers().read(TokenTable::all).stream()
        .map(TokenTable.Row::token)
        .toList();
  }

  // ---- checking

  @Override
  public Optional<Token> check(String text) {
    return TokenText.parse(text).flatMap(this::check);
  }

  private Optional<Token> check(TokenText shown) {
    long now = now();
    Optional<TokenTable.Row> row = lookUp(shown.id(), now);
    String digest = row.map(TokenTable.Row::digest).orElse(DUMMY);
    boolean same = MessageDigest.isEqual(ascii(digest), ascii(digest(shown.secret())));
    Optional<Token> token =
        row.map(TokenTable.Row::token)
            .filter(found -> same && found.validAt(Instant.ofEpochMilli(now)));
    token.ifPresent(found -> use(found, now));
    return token;
  }

  private Optional<TokenTable.Row> lookUp(String id, long now) {
    Known found = known.get(id);
    if (found != null && found.fresh(now)) {
      return Optional.of(found.row());
    }
    Optional<TokenTable.Row> row = find(id);
    if (known.size() >= KNOWN_LIMIT) {
      known.clear();
    }
    row.ifPresent(read -> known.put(id, new Known(read, now)));
    return row;
  }

  /// Takes note of a use, at most once a minute; a store that cannot be written to is no reason to
  /// refuse a token.
  private void use(Token token, long now) {
    long last =
        Math.max(
            used.getOrDefault(token.id(), 0L),
            token.usedAt().map(Instant::toEpochMilli).orElse(0L));
    if (now - last >= USE_MILLIS) {
      if (used.size() >= KNOWN_LIMIT) {
        used.clear();
      }
      used.put(token.id(), now);
      try {
        core.store().writer().write(tx -> TokenTable.use(tx, token.id(), now));
      } catch (StoreException fault) {
        LOG.log(Level.DEBUG, "the use of a token was not written", fault);
      }
    }
  }

  private long now() {
    return core.store().clock().millis();
  }

  private static String digest(String secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(ascii(secret)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
