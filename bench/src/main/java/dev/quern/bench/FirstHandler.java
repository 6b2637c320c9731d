package dev.quern.bench;

import dev.quern.NewJob;
import dev.quern.Quern;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/// The shortest program that runs a job: prints when its handler began.
public final class FirstHandler {
  private FirstHandler() {}

  /// `FILE`.
  public static void main(String[] arguments) {
    CompletableFuture<Instant> began = new CompletableFuture<>();
    try (Quern quern = Quern.open(Path.of(arguments[0]))) {
      quern.handle("first", Object.class, (_, _) -> began.complete(Instant.now()));
      quern.start();
      quern.enqueue(NewJob.json("first", "null"));
      System.out.println(StartBench.nanos(began.join()));
    }
  }
}
