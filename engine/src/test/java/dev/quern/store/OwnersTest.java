package dev.quern.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnersTest {
  @TempDir private Path directory;

  @Test
  void an_owner_is_alive_while_it_holds_its_number() throws IOException {
    var owners = Owners.of(database());
    assertFalse(owners.alive(7));

    assertTrue(owners.hold(7));
    assertTrue(owners.alive(7));
    assertFalse(owners.alive(6));
    assertFalse(owners.alive(8));

    owners.release(7);
    assertFalse(owners.alive(7));
  }

  @Test
  void a_number_has_one_holder() throws IOException {
    var owners = Owners.of(database());

    assertTrue(owners.hold(7));
    assertFalse(owners.hold(7));

    assertTrue(owners.alive(7));
  }

  @Test
  void letting_go_of_a_number_that_is_not_held_is_fine() throws IOException {
    var owners = Owners.of(database());

    owners.release(7);

    assertTrue(owners.hold(7));
  }

  @Test
  void looking_whether_others_live_does_not_let_go_of_ones_own_number() throws IOException {
    var owners = Owners.of(database());
    owners.hold(7);
    for (long other = 0; other < 1_000; other++) {
      assertTrue(other == 7 || !owners.alive(other));
    }

    assertTrue(owners.alive(7));
    assertFalse(owners.hold(7));
  }

  @Test
  void one_file_has_one_channel_whatever_it_is_called() throws IOException {
    var database = database();
    var link = Files.createSymbolicLink(directory.resolve("link.db"), database);

    assertSame(Owners.of(database), Owners.of(link));
    assertNotSame(Owners.of(database), Owners.of(Files.createFile(directory.resolve("b.db"))));
    assertTrue(Files.exists(directory.resolve("app.db-owners")));
  }

  @Test
  void many_threads_may_look_and_hold_at_the_same_time() throws Exception {
    var owners = Owners.of(database());
    Callable<Boolean> life =
        () -> {
          long number = Thread.currentThread().threadId();
          for (int i = 0; i < 200; i++) {
            while (!owners.hold(number)) {
              // Another thread touches it, to look.
              Thread.onSpinWait();
            }
            assertTrue(owners.alive(number));
            owners.alive(number + 1);
            owners.release(number);
          }
          return true;
        };
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var done : threads.invokeAll(Collections.nCopies(8, life))) {
        assertTrue(done.get());
      }
    }
  }

  @Test
  void a_file_that_was_deleted_and_made_anew_has_a_side_file_of_its_own() throws IOException {
    var database = database();
    Owners.of(database).hold(7);
    Files.delete(database);
    Files.delete(directory.resolve("app.db-owners"));

    var anew = Owners.of(database());

    assertTrue(Files.exists(directory.resolve("app.db-owners")), "others could not see who lives");
    assertFalse(anew.alive(7));
    assertTrue(anew.hold(7));
  }

  private Path database() throws IOException {
    return Files.createFile(directory.resolve("app.db"));
  }
}
