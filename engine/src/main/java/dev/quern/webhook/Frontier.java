package dev.quern.webhook;

import dev.quern.WebhookTargets;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// What may be reached from here. A name is resolved once, and who asked connects to the addresses
/// that were looked at: to resolve it again could give others.
///
/// @param targets what is allowed
/// @param resolver what finds the addresses of a name
record Frontier(WebhookTargets targets, Resolver resolver) {

  /// Thrown where a target is refused.
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /// What can be told of a URL without resolving its host.
  ///
  /// @throws IllegalArgumentException if it is refused
  Target check(String url) {
    Target target = Target.of(url);
    objection(target)
        .or(() -> target.literal().flatMap(this::literalObjection))
        .ifPresent(why -> {
          throw Target.refused(why);
        });
    return target;
  }

  private Optional<String> objection(Target target) {
    if (targets == WebhookTargets.ANY) {
      return Optional.empty();
    }
    if (!target.tls()) {
      return Optional.of("it must begin with https://");
    }
    int port = target.port();
    return port == 443 || port == 80 || port >= 8_000 && port <= 8_999
        ? Optional.empty()
        : Optional.of("its port %d must be 443, 80 or 8000 to 8999".formatted(port));
  }

  /// An address that was given is named; what a name stands for is not: it may be a secret of the
  /// network that whoever named it is kept out of.
  private Optional<String> literalObjection(InetAddress address) {
    return isPublic(address)
        ? Optional.empty()
        : SpecialAddresses.blockOf(address)
            .map(block ->
                "the address %s is not public: it is %s"
                    .formatted(address.getHostAddress(), block));
  }

  private boolean isPublic(InetAddress address) {
    return targets == WebhookTargets.ANY || SpecialAddresses.blockOf(address).isEmpty();
  }

  /// The addresses of a target, all of them looked at.
  ///
  /// @throws Refused if it or any of its addresses is refused
  List<InetAddress> addresses(Target target, Deadline deadline) throws IOException {
    Optional<String> objection = objection(target);
    if (objection.isPresent()) {
      throw new Refused(objection.get());
    }
    List<InetAddress> found =
        target.literal().isPresent()
            ? List.of(target.literal().get())
            : deadline.call(() -> resolver.resolve(target.host()));
    if (!found.stream().allMatch(this::isPublic)) {
      throw new Refused("%s stands for an address that is not public".formatted(target.host()));
    }
    return found;
  }
}
