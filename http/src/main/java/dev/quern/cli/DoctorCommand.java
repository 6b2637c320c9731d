package dev.quern.cli;

import dev.quern.Health;
import dev.quern.Quern;
import dev.quern.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// `quern doctor`: looks at a database, at what it stands on, and at who uses it.
final class DoctorCommand {
  private static final Option<Boolean> QUICK =
      Option.flag("quick", "do not compare the indexes with their tables");

  static final Command COMMAND =
      Command.named("doctor", "checks a database, its disk, and who uses it")
          .options(QUICK)
          .example("quern doctor")
          .example("quern doctor --db app.db --json")
          .details("Reads the whole file. The exit code is 1 if something is wrong.")
          .does(DoctorCommand::run);

  private final List<Check> checks = new ArrayList<>();
  private final When when;

  private DoctorCommand(When when) {
    this.when = when;
  }

  private static int run(Arguments arguments, Console console) throws IOException {
    Path file = Database.existingFile(arguments, console);
    DoctorCommand doctor = new DoctorCommand(console.when());
    doctor.look(file, arguments, console);
    boolean well = doctor.checks.stream().noneMatch(check -> check.level() == Check.Level.FAIL);
    if (arguments.json()) {
      doctor.json(well, console);
    } else {
      doctor.print(console);
    }
    return well ? Exit.OK : Exit.FAILED;
  }

  private void look(Path file, Arguments arguments, Console console) throws IOException {
    checks.add(Check.ok("java", Runtime.version() + " on " + System.getProperty("os.name")));
    try {
      checks.addAll(new DiskChecks(file).all());
    } catch (IOException fault) {
      checks.add(Check.fail("disk", Faults.line(fault)));
    }
    try (Quern quern = Database.existing(arguments, console)) {
      inside(quern.health(!arguments.has(QUICK)));
    } catch (StoreException | LinkageError fault) {
      checks.add(Check.fail("database", Faults.line(fault)));
    }
  }

  private void inside(Health health) throws IOException {
    checks.add(
        Check.ok(
            "database",
            "%s, %s, tables of version %d, %s"
                .formatted(
                    health.file(),
                    Text.bytes(Files.size(health.file())),
                    health.schemaVersion(),
                    health.database())));
    checks.add(settings(health));
    if (health.problems().isEmpty()) {
      checks.add(Check.ok("integrity", "no problem found"));
    }
    health.problems().forEach(problem -> checks.add(Check.fail("integrity", problem)));
    engines(health.engines());
  }

  private static Check settings(Health health) {
    return Check.ok(
        "settings",
        health.settings().entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(" ")));
  }

  private void engines(List<Health.Engine> engines) {
    long self = ProcessHandle.current().pid();
    List<Health.Engine> others =
        engines.stream().filter(engine -> engine.alive() && engine.pid() != self).toList();
    others.forEach(engine -> checks.add(Check.ok("in use", text(engine))));
    if (others.isEmpty()) {
      checks.add(Check.ok("in use", "by nobody else"));
    }
  }

  private String text(Health.Engine engine) {
    return "by process %d on %s, opened %s%s"
        .formatted(
            engine.pid(),
            engine.host(),
            when.brief(engine.startedAt()),
            engine.kinds().isEmpty() ? "" : ", serves " + String.join(", ", engine.kinds()));
  }

  private void print(Console console) {
    for (Check check : checks) {
      String line = "%-4s  %-15s  %s".formatted(check.level().label(), check.name(), check.text());
      console.line(check.level() == Check.Level.OK ? Text.oneLine(line) : console.bold(line));
    }
  }

  private void json(boolean well, Console console) {
    console.json(json -> {
      json.beginObject();
      new Members(json).truth("ok", well).json().name("checks").beginArray();
      for (Check check : checks) {
        json.beginObject();
        new Members(json)
            .text("name", check.name())
            .text("level", check.level().label())
            .text("text", check.text());
        json.endObject();
      }
      json.endArray().endObject();
    });
  }
}
