package dev.quern.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README does what it says.
class ReadmeIT {
  private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;

  private static List<String> blocks(String language) throws Exception {
    Matcher blocks = BLOCK.matcher(Files.readString(Processes.HOME.resolve("README.md")));
    List<String> found = new ArrayList<>();
    while (blocks.find()) {
      if (blocks.group(1).equals(language)) {
        found.add(blocks.group(2));
      }
    }
    return found;
  }

  @Test
  void its_java_examples_compile_and_run() throws Exception {
    List<String> examples = blocks("java");
    assertEquals(7, examples.size(), "the frame of this test fits seven examples");
    String source = Files.readString(Path.of("src/test/resources/Readme.java.txt"));
    String record = examples.getFirst().lines().findFirst().orElseThrow();
    source = source.replace("@RECORD@", record);
    source = source.replace("@0@", examples.getFirst().replace(record, ""));
    for (int i = 1; i < examples.size(); i++) {
      source = source.replace("@" + i + "@", examples.get(i));
    }
    Files.writeString(directory.resolve("Readme.java"), source);

    Processes.Ended ended =
        Processes.run(
            directory,
            "",
            List.of(
                Processes.java(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                Processes.JAR.toString(),
                "Readme.java"));

    assertEquals("", ended.err());
    assertEquals(
        List.of(
            "mail to a@example.com: hi",
            "job of order 7: ready",
            "order 7 confirmed",
            "mail to b@example.com: confirmed",
            "invoice 1: done, 42",
            "invoice -1: failed, no_such_invoice",
            "invoice 2: scheduled, the shop is closed",
            "mail to c@example.com: scheduled",
            "report: invoice,5",
            "jobs of acme: 1",
            "token of: acme"),
        ended.out().lines().toList());
    assertEquals(0, ended.exit());
  }

  @Test
  void its_first_commands_run_on_real_files() throws Exception {
    List<String> commands = blocks("sh").getFirst().lines().toList();
    assertEquals(2, commands.size());
    Path launcher = Processes.HOME.resolve("quern");
    Path sources = Processes.HOME.resolve("engine/src/main/java/dev/quern/core");
    String script =
        commands.get(0).replace("find .", "find " + sources)
            + " | sort -k2\n"
            + "echo --\n"
            + commands.get(1)
            + " | sort -k2\necho --\nfind "
            + sources
            + " -name '*.java' -exec sha256sum {} + | sort -k2\n";
    script = script.replace("./quern", "'" + launcher + "'");

    Processes.Ended ended = Processes.run(directory, script, List.of("sh"));

    String[] parts = ended.out().split("--\n");
    assertEquals(3, parts.length, ended.err());
    assertTrue(parts[2].lines().count() > 10, "real files");
    assertEquals(parts[2], parts[0], "what it printed");
    assertEquals(parts[2], parts[1], "what it kept");
  }
}
