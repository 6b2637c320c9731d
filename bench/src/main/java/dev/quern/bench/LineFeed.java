package dev.quern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/// New jobs to `/v1/jobs:stream`, in chunks, while another thread reads the answers.
///
/// @param lines how many
/// @param minimal whether only refusals are to be answered
record LineFeed(int port, String kind, int lines, boolean minimal) {
  private static final int CHUNK_LINES = 1_000;

  /// A job with a small payload.
  static String job(String kind, int number) {
    return "{\"kind\":\"%s\",\"payload\":%s}".formatted(kind, Floor.payload(number));
  }

  /// Sends all.
  ///
  /// @return jobs a second, from the first byte until the last answer has been read
  double run() throws Exception {
    byte[] chunk = chunk();
    try (Pipe pipe = new Pipe(port)) {
      CompletableFuture<Pipe.Reply> reply = new CompletableFuture<>();
      Thread.ofPlatform().start(() -> read(pipe, reply));
      double rate =
          Rate.of(
              lines,
              () -> {
                pipe.send(head());
                for (int i = 0; i < lines / CHUNK_LINES; i++) {
                  pipe.send(chunk);
                }
                pipe.send("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                reply.join();
              });
      check(reply.join().expect(200));
      return rate;
    }
  }

  private byte[] head() {
    String more = "Transfer-Encoding: chunked" + (minimal ? "\r\nPrefer: return=minimal" : "");
    return Pipe.head("POST /v1/jobs:stream", "application/x-ndjson", more, "");
  }

  private byte[] chunk() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < CHUNK_LINES; i++) {
      text.append(job(kind, i)).append('\n');
    }
    return "%x\r\n%s\r\n".formatted(text.length(), text).getBytes(StandardCharsets.US_ASCII);
  }

  private static void read(Pipe pipe, CompletableFuture<Pipe.Reply> reply) {
    try {
      reply.complete(pipe.receive());
    } catch (IOException | RuntimeException e) {
      reply.completeExceptionally(e);
    }
  }

  /// Nothing may be measured that did not happen.
  private void check(String answers) throws IOException {
    String last = answers.strip();
    last = last.substring(last.lastIndexOf('\n') + 1);
    if (!last.contains("\"done\":true,\"accepted\":" + lines / CHUNK_LINES * CHUNK_LINES)) {
      throw new IOException(last);
    }
  }
}
