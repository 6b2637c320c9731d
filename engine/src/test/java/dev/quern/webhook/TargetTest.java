package dev.quern.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "https://example.com,                       example.com,      443,   example.com,        /",
    "https://EXAMPLE.com/a/b?c=d&e=%20,         example.com,      443,   example.com,        /a/b?c=d&e=%20",
    "https://example.com:8443?x,                example.com,      8443,  example.com:8443,   /?x",
    "http://localhost:80/,                      localhost,        80,    localhost,          /",
    "http://xn--nxasmq6b.example/,              xn--nxasmq6b.example, 80, xn--nxasmq6b.example, /",
    "https://192.0.2.1:443/x,                   192.0.2.1,        443,   192.0.2.1,          /x",
    "https://[2001:DB8::1]:8000/x,              2001:db8::1,      8000,  [2001:db8::1]:8000, /x",
    "https://1.2.3.4.example/,                  1.2.3.4.example,  443,   1.2.3.4.example,    /",
  })
  void a_url_is_taken_apart(String url, String host, int port, String authority, String path) {
    var target = Target.of(url);

    assertEquals(host, target.host());
    assertEquals(port, target.port());
    assertEquals(authority, target.authority());
    assertEquals(path, target.path());
    assertEquals(url.startsWith("https"), target.tls());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "HTTPS://example.com/",
        "file:///etc/passwd",
        "https:/example.com",
        "https://",
        "https:///x",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com#fragment",
        "https://example.com/#fragment",
        "https://example.com/a b",
        "https://example.com/\r\nHost: other",
        "https://example.com/\n",
        "https://example.com\r\n",
        "https://example.com\\@other/",
        "https://example.com/\u0000",
        "https://exämple.com/",
        "https://example。com/",
        "https://example.com./",
        "https://.example.com/",
        "https://example..com/",
        "https://-example.com/",
        "https://exa_mple.com/",
        "https://example.com:/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:443443/",
        "https://example.com:-1/",
        "https://example.com:+80/",
        "http://2130706433/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.01/",
        "http://0x7f.0.0.1/",
        "http://0x7f000001/",
        "http://127.0.0.0x1/",
        "http://127.0.0.1./",
        "http://127.0.0.256/",
        "http://1.2.3.4.5/",
        "http://example.1/",
        "http://%31%32%37.0.0.1/",
        "http://127%2e0%2e0%2e1/",
        "http://①②⑦.0.0.1/",
        "http://[127.0.0.1]/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[:::1]/",
        "http://[1::2::3]/",
        "http://[::ffff:1.2.3]/",
        "http://[v1.x]/",
      })
  void what_can_be_read_in_two_ways_is_refused(String url) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> Target.of(url));

    assertTrue(refusal.getMessage().startsWith("the URL of a webhook was refused: "));
  }

  @Test
  void a_url_has_at_most_2048_characters() {
    String longest = "https://example.com/" + "a".repeat(2_028);

    assertEquals(2_048, longest.length());
    assertEquals(2_029, Target.of(longest).path().length());
    assertThrows(IllegalArgumentException.class, () -> Target.of(longest + "a"));
  }

  @Test
  void a_literal_address_is_never_looked_up() {
    assertEquals(Optional.empty(), Target.of("https://example.com").literal());
    assertEquals("/10.0.0.1", Target.of("https://10.0.0.1").literal().orElseThrow().toString());
    assertEquals(
        "/10.0.0.1", Target.of("https://[::ffff:10.0.0.1]").literal().orElseThrow().toString());
  }
}
