package dev.quern.http;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

final class ListenerTest {
  @Test
  void what_fails_in_the_thread_that_starts_it_is_thrown_to_whoever_starts_it() throws IOException {
    var listener = new Listener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.close();

    var fault =
        assertThrows(StoreException.class, () -> listener.start(_ -> {}, Runnable::run, _ -> {}));

    assertInstanceOf(IllegalStateException.class, fault.getCause());
  }
}
