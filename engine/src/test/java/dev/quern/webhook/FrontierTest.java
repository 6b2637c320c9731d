package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.WebhookTargets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierTest {
  private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(1));

  private static Frontier frontier(WebhookTargets targets, String... addresses) {
    return new Frontier(
        targets, _ -> Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
  }

  private static List<InetAddress> reach(WebhookTargets targets, String... addresses)
      throws IOException {
    return frontier(targets, addresses).addresses(Target.of("https://hook.example/"), DEADLINE);
  }

  private static void refused(String... addresses) {
    assertThrows(Frontier.Refused.class, () -> reach(WebhookTargets.PUBLIC, addresses));
  }

  /// The first and the last address of every block of IANA's registries of special addresses, and
  /// what lies within IPv6 but is not given out.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0 0.255.255.255",
        "10.0.0.0 10.255.255.255",
        "100.64.0.0 100.127.255.255",
        "127.0.0.0 127.255.255.255",
        "169.254.0.0 169.254.255.255",
        "169.254.169.254 169.254.169.253",
        "172.16.0.0 172.31.255.255",
        "192.0.0.0 192.0.0.255",
        "192.0.0.170 192.0.0.171",
        "192.0.2.0 192.0.2.255",
        "192.31.196.0 192.31.196.255",
        "192.52.193.0 192.52.193.255",
        "192.88.99.0 192.88.99.255",
        "192.168.0.0 192.168.255.255",
        "192.175.48.0 192.175.48.255",
        "198.18.0.0 198.19.255.255",
        "198.51.100.0 198.51.100.255",
        "203.0.113.0 203.0.113.255",
        "224.0.0.0 239.255.255.255",
        "240.0.0.0 255.255.255.255",
        "::1 ::",
        "::ffff:10.0.0.1 ::ffff:127.0.0.1",
        "::10.0.0.1 ::8.8.8.8",
        "::2 0:ffff::",
        "64:ff9b::a00:1 64:ff9b::ffff:ffff",
        "64:ff9b:1:: 64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "100:: 100::ffff:ffff:ffff:ffff",
        "100:0:0:1:: 100:0:0:1:ffff:ffff:ffff:ffff",
        "2001:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001::1 2001:0:ffff::1",
        "2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002:a00:1:: 2002:7f00:1::1",
        "2620:4f:8000:: 2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
        "3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
        "4000:: 5f00::1",
        "8000::1 f000::1",
        "fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "fec0:: feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "ff00:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      })
  void no_special_address_is_reached(String firstAndLast) throws IOException {
    for (String address : firstAndLast.split(" ")) {
      refused(address);
      refused("93.184.215.14", address);
      refused(address, "93.184.215.14");
      assertEquals(1, reach(WebhookTargets.ANY, address).size());
    }
  }

  /// The neighbours of the blocks.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0",
        "169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0",
        "192.0.1.255 192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0",
        "198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 8.8.8.8",
        "::ffff:8.8.8.8 2000:: 2001:200:: 2001:db7:ffff:: 2001:db9:: 2003:: 2606:4700::1111",
        "2620:4f:7fff:: 2620:4f:8001:: 3ffe:ffff:: 3fff:1000:: 2a00:1450:4001::1",
      })
  void public_addresses_are_reached(String addresses) throws IOException {
    for (String address : addresses.split(" ")) {
      assertEquals(List.of(InetAddress.ofLiteral(address)), reach(WebhookTargets.PUBLIC, address));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fc00::1]/",
        "https://example.com:22/",
        "https://example.com:7999/",
        "https://example.com:9000/",
        "https://example.com:6379/",
      })
  void what_the_url_alone_gives_away_is_refused_at_once_unless_anything_goes(String url) {
    for (var targets : List.of(WebhookTargets.PUBLIC, WebhookTargets.NONE)) {
      assertThrows(IllegalArgumentException.class, () -> frontier(targets).check(url));
    }
    frontier(WebhookTargets.ANY).check(url);
  }

  @Test
  void what_was_taken_where_anything_goes_is_refused_where_it_does_not() {
    for (String url :
        List.of("http://hook.example", "https://hook.example:22", "https://10.0.0.1")) {
      assertThrows(
          Frontier.Refused.class,
          () -> frontier(WebhookTargets.PUBLIC, "8.8.8.8").addresses(Target.of(url), DEADLINE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com:80",
        "https://example.com:8000",
        "https://example.com:8999",
        "https://8.8.8.8",
        "https://localhost"
      })
  void other_urls_are_taken_and_names_are_looked_up_later(String url) {
    frontier(WebhookTargets.PUBLIC).check(url);
  }

  @Test
  void a_refused_address_is_never_connected_to() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      var url = "https://hook.example:8443/";
      var post =
          new Post(
              frontier(WebhookTargets.PUBLIC, "127.0.0.1"),
              () -> {
                throw new AssertionError("TLS was begun");
              },
              Duration.ofSeconds(5));

      assertThrows(Frontier.Refused.class, () -> post.send(Target.of(url), Map.of(), "{}"));
      assertThrows(IOException.class, server::accept);
    }
  }

  @Test
  void a_name_is_looked_up_once_and_its_addresses_are_those_that_are_used() throws IOException {
    var asked = new ArrayList<String>();
    Resolver rebinding =
        name -> {
          asked.add(name);
          return List.of(InetAddress.ofLiteral(asked.size() == 1 ? "8.8.8.8" : "127.0.0.1"));
        };

    var found =
        new Frontier(WebhookTargets.PUBLIC, rebinding)
            .addresses(Target.of("https://hook.example"), DEADLINE);

    assertEquals(List.of("hook.example"), asked);
    assertEquals("8.8.8.8", found.getFirst().getHostAddress());
  }

  @Test
  void a_lookup_that_hangs_is_left_at_the_deadline() {
    var never = new CountDownLatch(1);
    Resolver hanging =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            throw new UnknownHostException(e.getMessage());
          }
          return List.of();
        };

    var late =
        assertThrows(
            IOException.class,
            () ->
                new Frontier(WebhookTargets.ANY, hanging)
                    .addresses(
                        Target.of("https://hook.example"), Deadline.in(Duration.ofMillis(20))));
    never.countDown();

    assertTrue(late.getMessage().contains("no answer within PT0.02S"), late.getMessage());
  }

  @Test
  void the_jdk_alone_would_have_missed_some() {
    for (String address : List.of("100.64.0.1", "fc00::1", "64:ff9b::a00:1", "240.0.0.1")) {
      var found = InetAddress.ofLiteral(address);
      assertFalse(
          found.isSiteLocalAddress() || found.isLoopbackAddress() || found.isLinkLocalAddress());
    }
  }
}
