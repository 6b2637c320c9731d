package dev.quern.model;

import dev.quern.Job;
import dev.quern.JobFilter;
import dev.quern.JobState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The same commands, asked of an engine and of a model: every answer must be the same, and from
/// time to time everything that can be seen.
final class Duel {
  private static final JobFilter ALL = JobFilter.ALL.limit(1_000);

  private static final List<JobFilter> FILTERS =
      List.of(
          JobFilter.ALL.state(JobState.DONE).limit(2),
          JobFilter.ALL.state(JobState.FAILED).errorText("disk"),
          JobFilter.ALL.withoutStates(JobState.DONE).limit(3),
          JobFilter.ALL.withoutKinds("mail").limit(2),
          JobFilter.ALL.tag("red").limit(3),
          JobFilter.ALL.tag("red").state(JobState.CANCELLED),
          JobFilter.ALL.state(JobState.SCHEDULED).kind("mail").limit(1));

  private final Model model;
  private final RealSide real;
  private final int lookEvery;
  private final List<Command> asked = new ArrayList<>();

  private Duel(Model model, RealSide real, int lookEvery) {
    this.model = model;
    this.real = real;
    this.lookEvery = lookEvery;
  }

  /// Asks all commands on an empty database; answers where the two part.
  ///
  /// @param lookEvery after how many commands everything is looked at
  static Optional<Difference> fight(
      Scenario scenario, List<Command> commands, Rules rules, Database database, int lookEvery)
      throws SQLException {
    database.reset();
    try (RealSide real = new RealSide(scenario, database)) {
      return new Duel(new Model(scenario, rules), real, lookEvery).ask(commands);
    }
  }

  private Optional<Difference> ask(List<Command> commands) {
    for (Command command : commands) {
      Command exact = command.exact(model);
      asked.add(exact);
      Optional<Difference> difference = compare("the answer", exact::on);
      boolean last = asked.size() == commands.size();
      if (difference.isEmpty() && (last || asked.size() % lookEvery == 0)) {
        difference = look(last || lookEvery == 1);
      }
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<Difference> look(boolean closely) {
    return compare("the list of jobs", side -> side.list(ALL))
        .or(() -> compare("the counts", Side::counts))
        .or(() -> compare("the kinds", Side::kinds))
        .or(() -> closely ? lookClosely() : Optional.empty());
  }

  private Optional<Difference> lookClosely() {
    return FILTERS.stream()
        .map(filter -> compare("the list of " + filter, side -> side.list(filter)))
        .flatMap(Optional::stream)
        .findFirst()
        .or(this::lookAtEach);
  }

  private Optional<Difference> lookAtEach() {
    return model.list(ALL).stream().map(this::look).flatMap(Optional::stream).findFirst();
  }

  private Optional<Difference> look(Job job) {
    int number = Math.toIntExact(job.id());
    Optional<Difference> why = compare("why job " + number, side -> side.why(number));
    return job.fence() == 0 ? why : why.or(() -> lookAtHistory(number));
  }

  private Optional<Difference> lookAtHistory(int number) {
    return compare("the attempts of job " + number, side -> side.attempts(number))
        .or(() -> compare("the log of job " + number, side -> side.log(number)));
  }

  private Optional<Difference> compare(String of, Function<Side, Object> question) {
    Object expected = answer(question, model);
    Object actual = answer(question, real);
    return expected.equals(actual)
        ? Optional.empty()
        : Optional.of(new Difference(asked.size() - 1, List.copyOf(asked), of, expected, actual));
  }

  /// An answer, or that there was none.
  private static Object answer(Function<Side, Object> question, Side side) {
    try {
      return question.apply(side);
    } catch (IllegalArgumentException refusal) {
      return "refused";
    } catch (IllegalStateException closed) {
      return closed.getMessage();
    } catch (RuntimeException | AssertionError broken) {
      if (side instanceof Model) {
        throw broken;
      }
      return broken.toString();
    }
  }
}
