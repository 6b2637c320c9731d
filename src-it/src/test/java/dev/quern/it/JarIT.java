package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.Quern;
import dev.quern.it.Processes.Ended;
import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The jars as users start them, without any option, and as they compile against them.
class JarIT {
  @TempDir Path directory;

  private Ended jar(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(Processes.java(), "-jar", Processes.JAR.toString()));
    all.addAll(List.of(words));
    return Processes.run(directory, "", all);
  }

  @Test
  void the_jar_starts_without_a_word_on_standard_error() throws Exception {
    Ended version = jar("--version");
    Ended enqueued = jar("enqueue", "a");

    assertEquals("", version.err());
    assertTrue(version.out().startsWith("quern "), version.out());
    assertEquals("", enqueued.err());
    assertEquals("1\n", enqueued.out());
  }

  // ---- as a module

  private static final String MODULE =
      "module app { requires dev.quern; opens app to dev.quern; }\n";

  private static final String APPLICATION =
      """
      package app;

      import dev.quern.NewJob;
      import dev.quern.Quern;
      import java.nio.file.Path;
      import java.time.Duration;

      public final class Main {
        public record Greeting(String name) {}

        public static void main(String[] args) {
          try (Quern quern = Quern.open(Path.of("app.db"))) {
            quern.handle("greet", Greeting.class, (it, job) -> job.result("hello " + it.name()));
            quern.start();
            long id = quern.enqueue(NewJob.of("greet", new Greeting("module"))).id();
            System.out.println(
                quern.jobs().await(id, Duration.ofSeconds(30)).orElseThrow().result().orElseThrow());
          }
        }
      }
      """;

  /// The jar, or the directory in its place, that a class comes from.
  private static Path origin(Class<?> type) throws Exception {
    URI location = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(location);
  }

  private static String modulePath() throws Exception {
    Path sqlite = origin(Class.forName("org.sqlite.JDBC"));
    return origin(Quern.class) + File.pathSeparator + sqlite;
  }

  /// Compiles a module of two files.
  ///
  /// @return what the compiler has to say
  private String compile(String application) throws Exception {
    Path module = Files.writeString(directory.resolve("module-info.java"), MODULE);
    Path main = Files.writeString(directory.resolve("Main.java"), application);
    var compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      List<String> options =
          List.of("-Xlint:all", "-p", modulePath(), "-d", directory.resolve("classes").toString());
      compiler
          .getTask(said, files, null, options, null, files.getJavaFileObjects(module, main))
          .call();
    }
    return said.toString();
  }

  @Test
  void the_engine_works_on_the_module_path() throws Exception {
    assertEquals("", compile(APPLICATION));

    Ended ended =
        Processes.run(
            directory,
            "",
            Processes.java(
                List.of(
                    "--enable-native-access=org.xerial.sqlitejdbc",
                    "-p",
                    modulePath() + File.pathSeparator + directory.resolve("classes"),
                    "-m",
                    "app/app.Main")));

    assertEquals("", ended.err());
    assertEquals("\"hello module\"\n", ended.out());
    assertEquals(0, ended.exit());
  }

  @Test
  void users_see_the_lobby_alone() throws Exception {
    for (String room : List.of("core.Core", "store.Store", "json.Json")) {
      String said = compile("import dev.quern." + room + ";\n");

      String hidden = room.substring(0, room.indexOf('.'));
      assertTrue(said.contains("package dev.quern." + hidden + " is not visible"), said);
    }
  }
}
