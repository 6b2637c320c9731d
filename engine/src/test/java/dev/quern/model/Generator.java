package dev.quern.model;

import dev.quern.Backoff;
import dev.quern.ClaimRequest;
import dev.quern.Failure;
import dev.quern.FailureClass;
import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.KindPolicy;
import dev.quern.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Makes sequences of commands from a seed: the same ones from the same seed.
final class Generator {
  private static final int LENGTH = 50;
  private static final int STORY_ONE_IN = 60;
  private static final int ELSEWHERE_ONE_IN = 30;

  private static final List<Duration> WAITS =
      List.of(
          Duration.ofMillis(1),
          Duration.ofMillis(999),
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(61),
          Duration.ofMinutes(5),
          Duration.ofHours(2),
          Duration.ofDays(2),
          Duration.ofDays(8));

  private static final List<String> KEYS = List.of("k1", "k2", "k3");

  private static final List<String> PAYLOADS =
      List.of("1", "{\"a\":[1,null]}", "\"é😀\"", "\"" + "long ".repeat(300) + "\"");

  /// How often each group of commands comes, usually.
  private static final List<Integer> WEIGHTS = List.of(18, 20, 24, 14, 15, 6, 3);

  private final RandomGenerator random;
  private final List<Integer> weights;

  // What holds for the jobs of a sequence: how many kinds there are, and one in how many jobs has
  // what.
  private final List<String> kinds;
  private final int haveKey;
  private final List<String> keys;
  private final int haveAffinity;
  private final int havePriority;
  private final int haveRequirements;

  // 3: attempts only fail; 8: they end in all ways.
  private final int endings;

  Generator(RandomGenerator random) {
    this.random = random;
    this.weights = WEIGHTS.stream().map(this::changed).toList();
    this.kinds = Scenario.KINDS.subList(random.nextInt(4), Scenario.KINDS.size());
    this.haveKey = 2 + random.nextInt(4);
    this.keys = KEYS.subList(0, 1 + random.nextInt(KEYS.size()));
    this.haveAffinity = 1 + random.nextInt(4);
    this.havePriority = 1 + random.nextInt(6);
    this.haveRequirements = 1 + random.nextInt(6);
    this.endings = oneIn(4) ? 3 : 8;
  }

  /// Sequences differ: in some a group of commands is rare, in others it comes twice as often.
  private int changed(int weight) {
    return 1 + weight * (1 + random.nextInt(4)) / 2;
  }

  List<Command> sequence() {
    List<Command> commands = new ArrayList<>(List.of(enqueue(), enqueue()));
    while (commands.size() < LENGTH) {
      commands.addAll(oneIn(STORY_ONE_IN) ? story() : List.of(command()));
    }
    return commands;
  }

  /// What chance alone hardly makes: jobs with one key fail one after the other, and are requeued.
  private List<Command> story() {
    List<Command> story = new ArrayList<>();
    String key = oneOf(keys);
    for (int i = 0; i < 2; i++) {
      story.add(new Command.Enqueue(List.of(Draft.plain(kind(), "1", Optional.of(key)))));
      story.add(new Command.Claim(ClaimRequest.of(kinds.toArray(String[]::new)).limit(10)));
      story.add(new Command.Aimed(Aim.HELD_LEASE, 0, hopeless()));
      story.add(command());
    }
    story.add(new Command.RequeueFailed(maybe(3, this::kind), false));
    return story;
  }

  private static IntFunction<Command> hopeless() {
    Ending ending = new Ending.Failed(new Failure(FailureClass.UNRECOVERABLE, "gone", "for good"));
    return lease -> new Command.End(lease, ending);
  }

  private Command command() {
    int dice = random.nextInt(weights.stream().mapToInt(Integer::intValue).sum());
    int group = 0;
    while (dice >= weights.get(group)) {
      dice -= weights.get(group++);
    }
    return oneIn(ELSEWHERE_ONE_IN) ? elsewhere() : ofGroup(group);
  }

  private Command ofGroup(int group) {
    return switch (group) {
      case 0 -> enqueue();
      case 1 -> claim();
      case 2 -> ofLease();
      case 3 -> time();
      case 4 -> request();
      case 5 -> ofKind();
      default -> question();
    };
  }

  // ---- commands

  private Command enqueue() {
    int jobs = oneIn(2) ? 2 + random.nextInt(3) : 1;
    List<Draft> drafts = IntStream.range(0, jobs).mapToObj(_ -> draft()).toList();
    return oneIn(5)
        ? new Command.EnqueueInside(drafts, random.nextBoolean())
        : new Command.Enqueue(drafts);
  }

  private Draft draft() {
    String kind = kind();
    return new Draft(
        kind,
        oneIn(100) ? Draft.BAD_PAYLOAD : payload(kind),
        maybe(havePriority, () -> 50 + 50 * random.nextInt(3)),
        oneIn(6) ? oneOf(WAITS) : Duration.ZERO,
        maybe(8, () -> Scenario.START.plus(Duration.ofMinutes(random.nextInt(-60, 60)))),
        maybe(haveKey, () -> oneOf(keys)),
        maybe(haveAffinity, () -> oneOf(List.of("a", "b"))),
        oneIn(haveRequirements) ? some("x", "y") : List.of(),
        maybe(6, () -> 1 + random.nextInt(3)),
        oneIn(2) ? some("blue", "red") : List.of());
  }

  private String payload(String kind) {
    boolean script = kind.equals("auto") || kind.equals("cron");
    return script && !oneIn(20) ? script().payload() : oneOf(PAYLOADS);
  }

  private Script script() {
    List<String> some = List.of("", "k1", "k2");
    return new Script(
        oneOf(List.of(Script.Act.values())),
        maybe(3, () -> "half"),
        oneOf(WAITS).toMillis(),
        IntStream.range(0, oneIn(3) ? 2 : 0).mapToObj(_ -> oneOf(some)).toList());
  }

  private Command claim() {
    return new Command.Claim(
        new ClaimRequest(
            oneIn(4) ? Set.of(kind()) : Set.copyOf(Scenario.KINDS),
            Set.copyOf(oneIn(3) ? some("x", "y") : List.of("x", "y")),
            oneOf(List.of(1, 1, 2, 3, 10)),
            oneIn(3) ? Duration.ofSeconds(1 + random.nextInt(600)) : Duration.ofSeconds(60),
            maybe(4, () -> oneOf(List.of("a", "b"))),
            false));
  }

  private Command ofLease() {
    Aim aim = oneIn(4) ? Aim.ANY_LEASE : Aim.HELD_LEASE;
    return new Command.Aimed(aim, random.nextInt(4), ofLease(random.nextInt(10)));
  }

  private IntFunction<Command> ofLease(int dice) {
    Duration by = Duration.ofSeconds(1 + random.nextInt(600));
    Ending ending = ending();
    return switch (dice) {
      case 0 -> lease -> new Command.Renew(lease, by);
      case 1 -> Command.CancelRequested::new;
      default -> lease -> new Command.End(lease, ending);
    };
  }

  private Ending ending() {
    return switch (random.nextInt(endings)) {
      case 0, 1, 2 -> new Ending.Failed(failure());
      case 3, 4 -> done();
      case 5, 6 -> new Ending.Deferred(oneOf(WAITS), "not now");
      default -> new Ending.HandedBack();
    };
  }

  private Ending done() {
    return oneIn(2)
        ? Ending.Done.PLAIN
        : new Ending.Done(
            Optional.of(oneOf(PAYLOADS)),
            IntStream.range(0, random.nextInt(3)).mapToObj(_ -> sound(draft())).toList());
  }

  private static Draft sound(Draft draft) {
    return draft.payload().equals(Draft.BAD_PAYLOAD)
        ? Draft.plain(draft.kind(), "1", Optional.empty())
        : draft;
  }

  private Failure failure() {
    return new Failure(
        oneIn(4) ? FailureClass.UNRECOVERABLE : oneOf(List.of(FailureClass.values())),
        oneOf(List.of("E1", "timeout", "")),
        oneOf(List.of("The Disk is full", "no such name: é", "")),
        oneOf(List.of("", "at a.b.C")));
  }

  private Command time() {
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> new Command.Tick();
      case 4 -> new Command.SetBack(oneOf(WAITS).toMillis());
      case 5, 6, 7, 8, 9 -> new Command.Wait(Optional.empty(), oneOf(WAITS).toMillis());
      default -> new Command.Wait(Optional.of(random.nextInt(4)), random.nextInt(-1, 2));
    };
  }

  private Command request() {
    String reason = "because " + random.nextInt(3);
    return switch (random.nextInt(10)) {
      case 0 -> job(Aim.LIVE_JOB, job -> new Command.Cancel(job, reason));
      case 1, 2 -> job(Aim.RUNNING_JOB, job -> new Command.Cancel(job, reason));
      case 3 -> job(Aim.ANY_JOB, job -> new Command.Cancel(job, reason));
      case 4 -> job(Aim.ENDED_JOB, Command.Requeue::new);
      case 5 -> job(Aim.ANY_JOB, Command.Requeue::new);
      case 6 -> job(oneOf(List.of(Aim.ANY_JOB, Aim.ENDED_JOB)), Command.Delete::new);
      default -> new Command.RequeueFailed(maybe(2, this::kind), random.nextBoolean());
    };
  }

  private Command job(Aim aim, IntFunction<Command> command) {
    return new Command.Aimed(aim, random.nextInt(5), command);
  }

  private String kind() {
    return oneOf(kinds);
  }

  private Command ofKind() {
    return switch (random.nextInt(12)) {
      case 0 -> new Command.Pause(kind());
      case 1, 2, 3 -> new Command.Resume(kind());
      case 4 -> new Command.PurgeRetired();
      case 5, 6 -> new Command.Reopen(0);
      default -> new Command.Policy(kind(), oneIn(4) ? Scenario.POLICY : policy());
    };
  }

  private KindPolicy policy() {
    Duration base = oneOf(WAITS);
    return new KindPolicy(
        oneOf(List.of(50, 100, 150)),
        1 + random.nextInt(3),
        random.nextInt(3),
        !oneIn(4),
        new Backoff(base, base.multipliedBy(1 + random.nextInt(3)), false),
        Optional.empty(),
        maybe(3, () -> random.nextInt(3)),
        maybe(3, () -> random.nextInt(4)),
        maybe(3, () -> new Rate(1 + random.nextInt(3), oneOf(WAITS.subList(0, 7)))),
        oneIn(5),
        oneIn(10));
  }

  private Command elsewhere() {
    return new Command.Elsewhere(
        switch (random.nextInt(8)) {
          case 0, 1 -> enqueue();
          case 2, 3, 4 -> claim();
          case 5, 6 -> request();
          default -> new Command.Policy(kind(), policy());
        });
  }

  private Command question() {
    return switch (random.nextInt(4)) {
      case 0 -> job(Aim.ANY_JOB, Command.Get::new);
      case 1 -> job(Aim.ANY_JOB, Command.Why::new);
      default -> new Command.Listed(filter());
    };
  }

  private JobFilter filter() {
    JobFilter filter = JobFilter.ALL.limit(1 + random.nextInt(4));
    filter = oneIn(2) ? filter.states(states()) : filter;
    filter = oneIn(4) ? filter.kinds(kind(), kind()) : filter;
    filter = oneIn(6) ? filter.withoutKinds(kind()) : filter;
    filter = oneIn(4) ? filter.tag("red") : filter;
    filter = oneIn(6) ? filter.dedupeKey(oneOf(KEYS)) : filter;
    return oneIn(4) ? filter.errorText(oneOf(List.of("DISK", "e1", "é"))) : filter;
  }

  /// One state, or several.
  private JobState[] states() {
    int count = oneIn(2) ? 1 : 1 + random.nextInt(JobState.values().length);
    return IntStream.range(0, count)
        .mapToObj(_ -> oneOf(List.of(JobState.values())))
        .toArray(JobState[]::new);
  }

  // ---- choices

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private <T> Optional<T> maybe(int oneIn, Supplier<T> value) {
    return oneIn(oneIn) ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /// Some of the names, sorted.
  private List<String> some(String... names) {
    return new ArrayList<>(new TreeSet<>(List.of(names).stream().filter(_ -> oneIn(2)).toList()));
  }
}
