package dev.quern.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Finds the addresses of a name.
@FunctionalInterface
interface Resolver {
  /// As the system does.
  Resolver SYSTEM = name -> List.of(InetAddress.getAllByName(name));

  /// All addresses, at least one. May block.
  List<InetAddress> resolve(String name) throws UnknownHostException;
}
