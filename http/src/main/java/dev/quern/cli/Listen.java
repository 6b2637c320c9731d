package dev.quern.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where `quern serve` listens, and how the JDK's server is prepared for it.
final class Listen {
  private static final Pattern ADDRESS = Pattern.compile("(?:\\[(.+)]|([^:]+)):(\\d{1,5})");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");

  /// Where no limit is known.
  private static final long USUAL_FILES = 1_024;

  private static final int MOST_CONNECTIONS = 100_000;

  private Listen() {}

  /// Reads an address such as `127.0.0.1:8080` or `[::1]:8080`.
  static InetSocketAddress address(String text) {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > 0xFFFF) {
      throw new IllegalArgumentException(
          text + " is no address such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080");
    }
    String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(parts.group(3)));
    if (address.isUnresolved()) {
      throw new IllegalArgumentException(host + " is no name of this machine");
    }
    return address;
  }

  /// An address as it stands in a URL.
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /// Sets what can be set for all servers of a process alone, before the first is made: this
  /// process has no other.
  ///
  /// @return how many connections it may have
  static int prepare() {
    int connections = (int) Math.min(MOST_CONNECTIONS, openFiles() * 6 / 10);
    set("jdk.httpserver.maxConnections", connections);
    set("sun.net.httpserver.nodelay", true);
    set("sun.net.httpserver.maxReqHeaderSize", 16 << 10);
    set("sun.net.httpserver.maxIdleConnections", 1_000);
    set("sun.net.httpserver.idleInterval", 30);
    return Integer.getInteger("jdk.httpserver.maxConnections", connections);
  }

  private static void set(String property, Object value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value.toString());
    }
  }

  private static long openFiles() {
    try {
      Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
      return limit.find() ? Long.parseLong(limit.group(1)) : USUAL_FILES;
    } catch (IOException notLinux) {
      return USUAL_FILES;
    }
  }
}
