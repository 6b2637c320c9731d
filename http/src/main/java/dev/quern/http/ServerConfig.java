package dev.quern.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// How a server behaves. Immutable; each method with an argument returns a changed copy.
///
/// @param address where it listens; default port 8080 of the loopback interface
/// @param token the operator's token, with which a caller may do everything; default none
/// @param tokenRequired whether every caller must show a token, the operator's or one of the store
///   ([dev.quern.Tokens]); always where there is an operator's; needed anywhere but on the loopback
///   interface. Where it is not, who shows none may do everything; default false
/// @param hosts names that the server is called by, besides those of its address: without a token
///   it answers to no others, so that a web page cannot reach it under a name of its own
/// @param exchanges how many requests are worked on at once, long polls included; the connections
///   of others are closed; default 10,000, or where the heap is small, one for each 96 KiB of it
/// @param bodyLimit the longest body in bytes, streams excepted; default 1 MiB and 64 KiB
/// @param headerDeadline how long the head of a request may take from its first byte; default 5 s
/// @param bodyDeadline how long a body may take, or the next part of a stream; default 15 s
/// @param handlerDeadline how long an answer may take, waiting for jobs excepted; default 30 s
/// @param longestWait the longest wait that a client may ask for; default 60 s
/// @param grace how long closing lets requests go on; default 10 s
public record ServerConfig(
    InetSocketAddress address,
    Optional<String> token,
    boolean tokenRequired,
    Set<String> hosts,
    int exchanges,
    int bodyLimit,
    Duration headerDeadline,
    Duration bodyDeadline,
    Duration handlerDeadline,
    Duration longestWait,
    Duration grace) {

  /// What a request that never ends holds in memory, about: the JDK's server alone takes 35 KiB, a
  /// stream of lines 64 KiB more. A server whose memory is full dies of it.
  private static final long EXCHANGE_BYTES = 96 << 10;

  private static final int EXCHANGES = 10_000;

  /// The defaults.
  public static final ServerConfig DEFAULT =
      new ServerConfig(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080),
          Optional.empty(),
          false,
          Set.of(),
          Math.clamp(Runtime.getRuntime().maxMemory() / EXCHANGE_BYTES, 1, EXCHANGES),
          (1 << 20) + (64 << 10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10));

  /// A configuration with its bounds checked.
  public ServerConfig {
    hosts = Set.copyOf(hosts);
    if (exchanges < 1) {
      throw new IllegalArgumentException("%d exchanges at once: at least 1".formatted(exchanges));
    }
    token.ifPresent(ServerConfig::check);
    tokenRequired |= token.isPresent();
    if (!tokenRequired && !address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "%s can be reached from elsewhere: require tokens, or let it listen on 127.0.0.1"
              .formatted(address));
    }
  }

  private static void check(String token) {
    if (token.length() < 16 || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException(
          "the token is not one: at least 16 visible ASCII characters, such as 'openssl rand -hex"
              + " 32' prints");
    }
  }

  /// Listens here. Port 0 takes a free one.
  public ServerConfig address(InetSocketAddress address) {
    return copy(address, token, tokenRequired, hosts, exchanges);
  }

  /// Listens on a port of the loopback interface; 0 takes a free one.
  public ServerConfig port(int port) {
    return address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /// Asks every caller for this token, or one of the store. To be called before [#address] where
  /// that is not on the loopback interface.
  public ServerConfig token(String token) {
    return copy(address, Optional.of(token), true, hosts, exchanges);
  }

  /// Asks every caller for a token of the store. To be called before [#address] where that is not
  /// on the loopback interface.
  public ServerConfig requireToken() {
    return copy(address, token, true, hosts, exchanges);
  }

  /// Answers to these names too.
  public ServerConfig hosts(Set<String> hosts) {
    return copy(address, token, tokenRequired, hosts, exchanges);
  }

  /// Works on so many requests at once.
  public ServerConfig exchanges(int exchanges) {
    return copy(address, token, tokenRequired, hosts, exchanges);
  }

  private ServerConfig copy(
      InetSocketAddress address,
      Optional<String> token,
      boolean tokenRequired,
      Set<String> hosts,
      int exchanges) {
    return new ServerConfig(
        address,
        token,
        tokenRequired,
        hosts,
        exchanges,
        bodyLimit,
        headerDeadline,
        bodyDeadline,
        handlerDeadline,
        longestWait,
        grace);
  }

  /// With these deadlines: of the head, the body and the answer.
  public ServerConfig deadlines(Duration header, Duration body, Duration handler) {
    return new ServerConfig(
        address,
        token,
        tokenRequired,
        hosts,
        exchanges,
        bodyLimit,
        header,
        body,
        handler,
        longestWait,
        grace);
  }

  /// Without the token, which belongs in no log.
  @Override
  public String toString() {
    return "ServerConfig[address=%s, token=%s, tokenRequired=%s, exchanges=%d]"
        .formatted(address, token.isPresent() ? "set" : "none", tokenRequired, exchanges);
  }
}
