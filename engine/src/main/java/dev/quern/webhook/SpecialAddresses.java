package dev.quern.webhook;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The addresses that are not public: the blocks of IANA's special-purpose registries for IPv4 and
/// IPv6, and all of IPv6 that is not given out for unicast. What `InetAddress` itself can tell
/// misses several.
final class SpecialAddresses {
  /// A block of addresses.
  private record Block(String text, byte[] first, int bits) {
    static Block of(String text) {
      int slash = text.indexOf('/');
      byte[] first = bytes(text.substring(0, slash));
      return new Block(text, first, Integer.parseInt(text.substring(slash + 1)));
    }

    boolean holds(byte[] address) {
      if (address.length != first.length) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        if (((address[i / 8] ^ first[i / 8]) >> (7 - i % 8) & 1) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Block> FOUR =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /// What is outside of these is refused as a whole: mapped and compatible addresses, `64:ff9b::`,
  /// `fc00::`, `fe80::`, `ff00::` and all others.
  private static final Block UNICAST = Block.of("2000::/3");

  private static final List<Block> SIX =
      blocks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

  private SpecialAddresses() {}

  private static List<Block> blocks(String... texts) {
    return Arrays.stream(texts).map(Block::of).toList();
  }

  private static byte[] bytes(String literal) {
    return InetAddress.ofLiteral(literal).getAddress();
  }

  /// The block that makes an address not public; empty if it is.
  static Optional<String> blockOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16 && !UNICAST.holds(bytes)) {
      return Optional.of("outside of " + UNICAST.text());
    }
    return Stream.concat(FOUR.stream(), SIX.stream())
        .filter(block -> block.holds(bytes))
        .map(block -> "in " + block.text())
        .findFirst();
  }
}
