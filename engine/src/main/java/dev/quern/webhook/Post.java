package dev.quern.webhook;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Sends a request by HTTP/1.1 to an address that was looked at before. The JDK's client resolves
/// names itself, follows what the system says of proxies, and so could be led elsewhere. No
/// redirects, no proxies, no connection is used twice.
///
/// @param frontier what may be reached
/// @param tls what makes TLS connections; asked only when there is one to make, since the first
///   reads all trusted certificates
/// @param timeout how long all of it may take
record Post(Frontier frontier, Supplier<SSLSocketFactory> tls, Duration timeout) {
  /// How many addresses of a name are tried.
  private static final int ADDRESSES = 4;

  /// How long the rest of an answer is waited for, so that the other side can end in peace.
  private static final Duration FAREWELL = Duration.ofMillis(500);

  /// Sends a JSON body and returns what was answered.
  ///
  /// @param headers names and values, in ASCII and without line breaks
  /// @throws IOException if there was no answer
  Answer send(Target target, Map<String, String> headers, String body) throws IOException {
    try (Deadline deadline = Deadline.in(timeout)) {
      List<InetAddress> addresses = frontier.addresses(target, deadline);
      try (Socket plain = connect(addresses, target.port(), deadline)) {
        deadline.guard(plain);
        return exchange(plain, target, request(target, headers, body), deadline);
      } catch (SocketTimeoutException late) {
        throw deadline.passed();
      } catch (IOException fault) {
        throw deadline.hasPassed() ? deadline.passed() : fault;
      }
    }
  }

  private static Socket connect(List<InetAddress> addresses, int port, Deadline deadline)
      throws IOException {
    IOException last = new IOException("a name without an address");
    for (InetAddress address : addresses.subList(0, Math.min(ADDRESSES, addresses.size()))) {
      // Without a word on proxies, Java would ask the system for one.
      Socket socket = new Socket(Proxy.NO_PROXY);
      try {
        socket.connect(new InetSocketAddress(address, port), deadline.leftMillis());
        socket.setSoTimeout(deadline.leftMillis());
        return socket;
      } catch (SocketTimeoutException late) {
        socket.close();
        throw late;
      } catch (IOException fault) {
        socket.close();
        last = fault;
      }
    }
    throw last;
  }

  private Answer exchange(Socket plain, Target target, byte[] request, Deadline deadline)
      throws IOException {
    Socket socket = target.tls() ? secured(plain, target) : plain;
    OutputStream out = socket.getOutputStream();
    out.write(request);
    out.flush();
    InputStream in = new BufferedInputStream(socket.getInputStream());
    Answer answer = Answer.read(in);
    deadline.close();
    drain(plain, in);
    return answer;
  }

  /// The certificate must be the name's, not the address's.
  private SSLSocket secured(Socket plain, Target target) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.get().createSocket(plain, target.host(), target.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (target.literal().isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(target.host())));
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] request(Target target, Map<String, String> headers, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(target.path()).append(" HTTP/1.1\r\n");
    header(head, "Host", target.authority());
    header(head, "Content-Type", "application/json");
    header(head, "Content-Length", Integer.toString(content.length));
    header(head, "User-Agent", "Quern");
    header(head, "Connection", "close");
    headers.forEach((name, value) -> header(head, name, value));
    byte[] start = Answer.ascii(head.append("\r\n").toString());
    byte[] request = new byte[start.length + content.length];
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(content, 0, request, start.length, content.length);
    return request;
  }

  private static void header(StringBuilder head, String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException("the header %s holds what no header may".formatted(name));
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /// Reads some of the rest, so that a short answer is not cut off. What comes of it does not
  /// matter any more.
  private static void drain(Socket plain, InputStream in) {
    try (Deadline farewell = Deadline.in(FAREWELL)) {
      farewell.guard(plain);
      in.readNBytes(Answer.LIMIT);
    } catch (IOException e) {
      // The status is known.
    }
  }
}
