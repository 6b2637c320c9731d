package dev.quern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.support.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ArtifactTest {
  private static final int PIECE = 256 << 10;
  private static final NewJob MAIL = NewJob.json("mail", "1");
  private static final NewArtifact REPORT = NewArtifact.of("report.pdf", "application/pdf");

  @RegisterExtension final TestStore store = new TestStore();

  private static byte[] bytes(int size) {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static InputStream in(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] read(Quern quern, long job, String name) throws IOException {
    try (var in = quern.artifacts().read(job, name).orElseThrow()) {
      return in.readAllBytes();
    }
  }

  private long number(String sql) throws SQLException {
    try (var connection = store.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.getLong(1);
    }
  }

  private long contents() throws SQLException {
    return number("select count(*) from quern_content");
  }

  private long chunks() throws SQLException {
    return number("select count(*) from quern_chunk");
  }

  /// Lets the sweeper go on until it has nothing more to do.
  private void sweep(Quern quern) {
    for (int i = 0; i < 100; i++) {
      quern.tick();
      store.clock.advance(Duration.ofMillis(20));
    }
  }

  // ---- in and out

  @Test
  void a_content_comes_out_as_it_went_in_whatever_its_length() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    for (int size : List.of(0, 1, 1_000, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 5 * PIECE + 7)) {
      var bytes = bytes(size);

      var kept = quern.artifacts().put(job, REPORT, in(bytes)).orElseThrow();

      assertEquals(
          new Artifact(
              job,
              "report.pdf",
              "application/pdf",
              size,
              sha256(bytes),
              store.clock.instant(),
              Optional.empty()),
          kept);
      assertEquals(Optional.of(kept), quern.artifacts().get(job, "report.pdf"));
      assertArrayEquals(bytes, read(quern, job, "report.pdf"));
    }
  }

  @Test
  void any_part_of_a_content_can_be_read() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var bytes = bytes(3 * PIECE + 100);
    quern.artifacts().put(job, REPORT, in(bytes));
    var random = new Random(5);
    var borders = List.of(0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, bytes.length - 1);
    for (int i = 0; i < 200; i++) {
      int from = i < 7 ? borders.get(i) : random.nextInt(bytes.length + 10);
      int length = i % 5 == 0 ? bytes.length : random.nextInt(bytes.length);
      int begin = Math.min(from, bytes.length);
      int end = Math.min(bytes.length, begin + length);

      try (var in = quern.artifacts().read(job, "report.pdf", from, length).orElseThrow()) {
        assertArrayEquals(Arrays.copyOfRange(bytes, begin, end), in.readAllBytes());
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> quern.artifacts().read(job, "report.pdf", -1, 1));
  }

  @Test
  void artifacts_are_listed_by_name() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    long other = quern.enqueue(MAIL).id();
    for (String name : List.of("b", "a", "ä", "c")) {
      quern.artifacts().put(job, NewArtifact.of(name, "text/plain"), in(bytes(3)));
    }
    quern.artifacts().put(other, NewArtifact.of("d", "text/plain"), in(bytes(3)));

    assertEquals(
        List.of("a", "b", "c", "ä"),
        quern.artifacts().list(job).stream().map(Artifact::name).toList());
    assertEquals(List.of(), quern.artifacts().list(99));
  }

  @Test
  void an_artifact_takes_the_place_of_one_that_has_its_name() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    quern.artifacts().put(job, REPORT, in(bytes(PIECE + 1)));

    quern.artifacts().put(job, REPORT, in(bytes(7)));

    assertArrayEquals(bytes(7), read(quern, job, "report.pdf"));
    assertEquals(1, quern.artifacts().list(job).size());
    sweep(quern);
    assertEquals(1, contents());
  }

  @Test
  void what_is_not_there_is_absent() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();

    assertEquals(Optional.empty(), quern.artifacts().put(99, REPORT, in(bytes(PIECE + 1))));
    assertEquals(Optional.empty(), quern.artifacts().get(job, "report.pdf"));
    assertEquals(Optional.empty(), quern.artifacts().read(job, "report.pdf"));
    assertFalse(quern.artifacts().delete(job, "report.pdf"));
    assertEquals(0, contents());
  }

  @Test
  void a_piece_is_durable_before_the_next_is_read_and_nothing_is_seen_before_the_end()
      throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var seen = new ArrayList<Long>();
    var pieces =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            if (at % PIECE == 0) {
              seen.add(written());
              assertEquals(List.of(), quern.artifacts().list(job));
            }
            return at++ < 5 * PIECE ? 1 : -1;
          }

          private long written() {
            try {
              return chunks();
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          }
        };

    quern.artifacts().put(job, REPORT, pieces);

    assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), seen);
    assertEquals(5 * PIECE, read(quern, job, "report.pdf").length);
  }

  @Test
  void others_write_while_an_upload_goes_on() throws Exception {
    var quern = store.open();
    long job = quern.enqueue(MAIL).id();
    var slow =
        new InputStream() {
          private int left = 3 * PIECE;

          @Override
          public int read() {
            if (left % PIECE == 0) {
              quern.enqueue(MAIL);
            }
            return left-- > 0 ? 1 : -1;
          }
        };

    quern.artifacts().put(job, REPORT, slow);

    assertEquals(5, quern.jobs().counts().of(JobState.READY));
  }

  // ---- workers

  @Test
  void a_handler_attaches_under_its_fence() throws Exception {
    var quern = store.manual();
    quern.handle(
        "mail", Integer.class, (_, job) -> job.attach(REPORT, in(bytes(10))).orElseThrow());
    long job = quern.enqueue(MAIL).id();

    quern.start().tick();

    assertEquals(JobState.DONE, quern.jobs().get(job).orElseThrow().state());
    assertEquals(Optional.of(1L), quern.artifacts().get(job, "report.pdf").orElseThrow().fence());
  }

  @Test
  void a_handler_on_a_virtual_thread_attaches_and_reads() throws Exception {
    var quern = store.open();
    var bytes = bytes(4 * PIECE);
    quern
        .handle(
            "mail",
            Integer.class,
            (_, job) -> {
              job.attach(REPORT, in(bytes)).orElseThrow();
              assertArrayEquals(bytes, read(quern, job.jobId(), "report.pdf"));
            })
        .start();
    long job = quern.enqueue(MAIL).id();

    assertEquals(
        JobState.DONE, quern.jobs().await(job, Duration.ofSeconds(20)).orElseThrow().state());
  }

  @Test
  void a_worker_that_lost_its_lease_attaches_nothing() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var lost = quern.claim(ClaimRequest.of("mail")).getFirst();
    assertTrue(lost.handBack());
    var holds = quern.claim(ClaimRequest.of("mail")).getFirst();

    for (int size : List.of(1, PIECE, 3 * PIECE)) {
      assertEquals(Optional.empty(), lost.attach(REPORT, in(bytes(size))));
      assertEquals(
          Optional.empty(), quern.artifacts().put(job, lost.fence(), REPORT, in(bytes(size))));
    }
    assertEquals(List.of(), quern.artifacts().list(job));
    assertEquals(2, holds.attach(REPORT, in(bytes(1))).orElseThrow().fence().orElseThrow());
    assertTrue(holds.complete());
    assertEquals(Optional.empty(), holds.attach(REPORT, in(bytes(2))));
  }

  @Test
  void a_worker_that_loses_its_lease_within_an_upload_leaves_nothing() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    for (int after : List.of(0, 1, 2, 3)) {
      var lease = quern.claim(ClaimRequest.of("mail")).getFirst();
      var stolen =
          new InputStream() {
            private int at;

            @Override
            public int read() {
              if (at == after * PIECE) {
                lease.handBack();
              }
              return at++ < 3 * PIECE ? 1 : -1;
            }
          };

      assertEquals(Optional.empty(), lease.attach(REPORT, stolen));
    }
    assertEquals(List.of(), quern.artifacts().list(job));
    sweep(quern);
    assertEquals(0, contents());
    assertEquals(0, chunks());
  }

  // ---- limits

  @Test
  void an_artifact_over_the_limit_is_refused_and_leaves_nothing() throws Exception {
    var quern = store.manual(store.config().artifactLimit(2L * PIECE));
    long job = quern.enqueue(MAIL).id();

    quern.artifacts().put(job, REPORT, in(bytes(2 * PIECE)));
    var refused =
        assertThrows(
            ArtifactRefusedException.class,
            () -> quern.artifacts().put(job, REPORT, in(bytes(2 * PIECE + 1))));

    assertEquals(ArtifactRefusedException.Reason.TOO_LONG, refused.reason());
    assertTrue(refused.getMessage().contains("524,288"), refused.getMessage());
    assertArrayEquals(bytes(2 * PIECE), read(quern, job, "report.pdf"));
    sweep(quern);
    assertEquals(1, contents());
  }

  @Test
  void an_artifact_too_many_is_refused_but_one_in_the_place_of_another_is_not() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    for (int i = 0; i < Artifacts.COUNT_LIMIT; i++) {
      quern.artifacts().put(job, NewArtifact.of("part " + i, "text/plain"), in(bytes(3)));
    }

    var refused =
        assertThrows(
            ArtifactRefusedException.class, () -> quern.artifacts().put(job, REPORT, in(bytes(3))));
    assertEquals(ArtifactRefusedException.Reason.TOO_MANY, refused.reason());
    quern.artifacts().put(job, NewArtifact.of("part 7", "text/plain"), in(bytes(4)));

    assertEquals(Artifacts.COUNT_LIMIT, quern.artifacts().list(job).size());
  }

  @Test
  void bytes_that_are_not_what_they_were_said_to_be_are_refused() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var said = REPORT.sha256(sha256(bytes(PIECE + 1)).toUpperCase(java.util.Locale.ROOT));

    var refused =
        assertThrows(
            ArtifactRefusedException.class,
            () -> quern.artifacts().put(job, said, in(bytes(PIECE))));
    assertEquals(ArtifactRefusedException.Reason.OTHER_CONTENT, refused.reason());
    assertEquals(List.of(), quern.artifacts().list(job));

    quern.artifacts().put(job, said, in(bytes(PIECE + 1))).orElseThrow();
    sweep(quern);
    assertEquals(1, contents());
  }

  @Test
  void a_stream_that_breaks_leaves_nothing() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var breaks =
        new InputStream() {
          private int left = 2 * PIECE + 5;

          @Override
          public int read() throws IOException {
            if (left-- <= 0) {
              throw new IOException("cut off");
            }
            return 1;
          }
        };

    var fault = assertThrows(IOException.class, () -> quern.artifacts().put(job, REPORT, breaks));

    assertEquals("cut off", fault.getMessage());
    assertEquals(List.of(), quern.artifacts().list(job));
    sweep(quern);
    assertEquals(0, contents());
    assertEquals(0, chunks());
  }

  // ---- contents that are the same, and those that nobody holds

  @Test
  void the_same_content_is_kept_once_and_goes_with_the_last_that_holds_it() throws Exception {
    var quern = store.manual();
    for (int size : List.of(10, 3 * PIECE + 1)) {
      var bytes = bytes(size);
      var jobs = new ArrayList<Long>();
      for (int i = 0; i < 3; i++) {
        long job = quern.enqueue(MAIL).id();
        jobs.add(job);
        quern.artifacts().put(job, REPORT, in(bytes));
        quern.artifacts().put(job, NewArtifact.of("copy", "text/plain"), in(bytes));
      }
      sweep(quern);
      assertEquals(1, contents());
      assertEquals((size + PIECE - 1) / PIECE, chunks());

      for (long job : jobs) {
        assertArrayEquals(bytes, read(quern, job, "copy"));
        assertTrue(quern.artifacts().delete(job, "report.pdf"));
        sweep(quern);
        assertArrayEquals(bytes, read(quern, job, "copy"));
        quern.jobs().cancel(job, "enough");
        assertTrue(quern.jobs().delete(job));
        sweep(quern);
      }

      assertEquals(0, contents());
      assertEquals(0, chunks());
    }
  }

  @Test
  void of_many_who_put_the_same_name_at_once_one_has_the_last_word() throws Exception {
    var quern = store.open();
    long job = quern.enqueue(MAIL).id();
    long copies = quern.enqueue(MAIL).id();
    var faults = new ConcurrentLinkedQueue<Throwable>();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      int size = PIECE + i;
      var copy = NewArtifact.of("copy " + i, "text/plain");
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              for (int n = 0; n < 3; n++) {
                quern.artifacts().put(job, REPORT, in(bytes(size))).orElseThrow();
                quern.artifacts().put(copies, copy, in(bytes(2 * PIECE + 1))).orElseThrow();
              }
            } catch (IOException | RuntimeException e) {
              faults.add(e);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(List.of(), List.copyOf(faults));
    int size = (int) quern.artifacts().get(job, "report.pdf").orElseThrow().size();
    assertArrayEquals(bytes(size), read(quern, job, "report.pdf"));
    assertArrayEquals(bytes(2 * PIECE + 1), read(quern, copies, "copy 7"));
    quern.close();
    sweep(store.manual());
    assertEquals(2, contents());
  }

  @Test
  void a_content_that_waits_to_be_swept_can_be_held_again() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    quern.artifacts().put(job, REPORT, in(bytes(PIECE + 1)));
    quern.artifacts().delete(job, "report.pdf");

    quern.artifacts().put(job, REPORT, in(bytes(PIECE + 1)));
    sweep(quern);

    assertArrayEquals(bytes(PIECE + 1), read(quern, job, "report.pdf"));
    assertEquals(1, contents());
  }

  @Test
  void a_content_that_is_being_swept_is_not_held_again() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var bytes = bytes(40 * PIECE);
    quern.artifacts().put(job, REPORT, in(bytes));
    quern.artifacts().delete(job, "report.pdf");
    quern.tick();
    long left = chunks();
    assertTrue(left > 0 && left < 40, left + " pieces are left after a step");

    quern.artifacts().put(job, REPORT, in(bytes));
    sweep(quern);

    assertArrayEquals(bytes, read(quern, job, "report.pdf"));
    assertEquals(40, chunks());
  }

  @Test
  void artifacts_go_with_jobs_whose_time_is_over() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    var lease = quern.claim(ClaimRequest.of("mail")).getFirst();
    lease.attach(REPORT, in(bytes(20 * PIECE)));
    lease.complete();

    store.clock.advance(Duration.ofDays(8));
    quern.tick();
    assertEquals(Optional.empty(), quern.jobs().get(job));
    sweep(quern);

    assertEquals(0, contents());
    assertEquals(0, chunks());
  }

  @Test
  void who_reads_what_is_swept_away_is_told() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    quern.artifacts().put(job, REPORT, in(bytes(3 * PIECE)));
    try (var in = quern.artifacts().read(job, "report.pdf").orElseThrow()) {
      in.readNBytes(10);
      quern.artifacts().put(job, REPORT, in(bytes(1)));
      sweep(quern);

      var fault = assertThrows(IOException.class, in::readAllBytes);

      assertTrue(fault.getMessage().contains("while it was read"), fault.getMessage());
    }
  }

  @Test
  void who_reads_damaged_bytes_is_told() throws Exception {
    var quern = store.manual();
    long job = quern.enqueue(MAIL).id();
    quern.artifacts().put(job, REPORT, in(bytes(2 * PIECE + 1)));
    try (var connection = store.connect();
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "update quern_chunk set bytes = zeroblob(length(bytes)) where position = " + PIECE);
    }

    var fault = assertThrows(IOException.class, () -> read(quern, job, "report.pdf"));

    assertTrue(fault.getMessage().contains("is damaged"), fault.getMessage());
  }

  @Test
  void an_upload_of_an_engine_that_is_gone_is_swept_by_the_next() throws Exception {
    var first = store.open();
    long job = first.enqueue(MAIL).id();
    var dies =
        new InputStream() {
          private int left = 3 * PIECE;

          @Override
          public int read() {
            if (left-- == 0) {
              first.close(Duration.ZERO);
            }
            return 1;
          }
        };
    assertThrows(IllegalStateException.class, () -> first.artifacts().put(job, REPORT, dies));
    assertEquals(3, chunks());

    var next = store.manual();
    sweep(next);

    assertEquals(0, contents());
    assertEquals(0, chunks());
  }

  @Test
  void an_upload_of_another_engine_that_lives_is_left_alone() throws Exception {
    var first = store.manual();
    long job = first.enqueue(MAIL).id();
    var other = store.manual();
    var watched =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            if (at == 2 * PIECE) {
              sweep(other);
              store.clock.advance(Duration.ofMinutes(5));
              sweep(other);
            }
            return at++ < 3 * PIECE ? 1 : -1;
          }
        };

    first.artifacts().put(job, REPORT, watched).orElseThrow();

    assertEquals(3 * PIECE, read(other, job, "report.pdf").length);
  }

  // ---- names

  @Test
  void names_that_could_do_harm_where_they_are_saved_are_refused() {
    var hostile =
        new ArrayList<>(List.of("", ".", "..", "/", "\\", " ", "\t", "a/b", "../a", "a\\..\\b"));
    hostile.addAll(
        List.of(
            "\uFF0E\uFF0E",
            "\uFF0E",
            "a\uFF0Fb",
            "\uFE68",
            "\u2025",
            "\u2024",
            "a\u0000",
            "\uD800",
            "a\uDC00b"));
    hostile.addAll(List.of("x".repeat(256), "ä".repeat(128), "\uD83D\uDE00".repeat(64)));
    for (int c = 0; c < 0x20; c++) {
      hostile.add("a" + (char) c + "b");
    }
    for (int c = 0x7f; c < 0xa0; c++) {
      hostile.add("a" + (char) c);
    }
    for (int c :
        new int[] {
          0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D,
          0x202E, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF, 0xFFF9, 0xFFFE, 0xFFFF, 0xE0001,
          0xE0041
        }) {
      hostile.add("report" + Character.toString(c) + "fdp.exe");
      hostile.add(Character.toString(c));
    }
    for (String name : hostile) {
      var refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> NewArtifact.of(name, "text/plain"),
              () -> "name " + HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_16BE)));
      assertTrue(
          refused.getMessage().chars().noneMatch(c -> c < 0x20 || c == 0x202E),
          refused.getMessage());
    }
    for (String name :
        List.of(
            "a",
            "a b.txt",
            "...",
            ".profile",
            "CON",
            "ä".repeat(127),
            "日本語.txt",
            "\uD83D\uDE00",
            "a:b",
            "%2f",
            "x".repeat(255))) {
      assertEquals(name, NewArtifact.of(name, "text/plain").name());
    }
  }

  @Test
  void a_media_type_is_one_line_of_the_form_of_a_media_type() {
    for (String type :
        List.of(
            "text/plain",
            "text/plain; charset=utf-8",
            "a/b;c=\"d; e\"",
            "application/vnd.x+json")) {
      assertEquals(type, NewArtifact.of("a", type).type());
    }
    for (String type :
        List.of(
            "",
            "text",
            "text/",
            "/plain",
            "text/plain\r\nX: y",
            "text/plain;",
            "text/plain; a",
            "text/ä",
            "a/b; c=\"",
            "x/" + "y".repeat(254),
            "text/html, text/plain")) {
      assertThrows(IllegalArgumentException.class, () -> NewArtifact.of("a", type), type);
    }
    assertThrows(IllegalArgumentException.class, () -> REPORT.sha256("abc"));
  }
}
