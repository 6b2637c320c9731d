package dev.quern.cli;

import dev.quern.Health;
import dev.quern.Quern;
import dev.quern.StoreException;
import dev.quern.wire.Members;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  private DoctorCommand() {}

  private static int run(Arguments arguments, Console console) throws IOException {
    Path file = Database.existingFile(arguments, console);
    DoctorCommand doctor = new DoctorCommand();
    doctor.look(file, arguments, console);
    boolean well = doctor.checks.stream().noneMatch(check -> check.level() == Check.Level.FAIL);
    if (arguments.json()) {
      doctor.json(well, console);
    } else {
      doctor.print(console);
    }
    return well ? Exit.OK : Exit.FAILED;
  }

  private void look(Path file, Arguments arguments, Console console) {
    checks.add(Check.ok("java", Runtime.version() + " on " + System.getProperty("os.name")));
    outside(() -> new DiskChecks(file).all());
    SyncCheck.preloaded(console.environment("LD_PRELOAD")).ifPresent(checks::add);
    outside(() -> new HolderChecks(file).all());
    try (Quern quern = Database.existing(arguments, console)) {
      Health health = quern.health(!arguments.has(QUICK));
      checks.addAll(new StoreChecks(health, console.when()).all());
    } catch (StoreException | LinkageError | IOException fault) {
      checks.add(Check.fail("database", Faults.line(fault)));
    }
  }

  private interface Look {
    List<Check> checks() throws IOException;
  }

  private void outside(Look look) {
    try {
      checks.addAll(look.checks());
    } catch (IOException fault) {
      checks.add(Check.fail("disk", Faults.line(fault)));
    }
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
