package dev.quern;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Which jobs to list. Immutable; each method returns a changed copy.
///
/// Jobs come newest first. Where states are asked for, those that have not ended come first, by id,
/// then the ended ones by the time they ended; all others, and those with a tag, come by id. A job
/// that ends between two pages may be on both. A page passes over no more than 100,000 jobs that do
/// not match, and then says so ([Page#next]). States and ids need no such search, nor do the kinds
/// of what is listed by its state, and the times of creation of what comes by id.
///
/// @param states only these states; default all
/// @param kinds only these kinds, at most 20; default all
/// @param notKinds but none of these kinds, at most 20
/// @param tag only jobs with this tag
/// @param errorText only jobs whose last failure has this in its code or message; letter case is
///   ignored for ASCII
/// @param dedupeKey only jobs with this dedupe key, ended ones too
/// @param ids only these jobs, at most 20; default all
/// @param createdFrom only jobs that were created then or later, to the millisecond. They are found
///   by their ids: one that waited for the write lock, or whose clock was wrong, by more than a
///   minute may be missed
/// @param createdBefore only jobs that were created earlier, to the millisecond
/// @param limit how many on a page, between 1 and 1,000; default 50
/// @param cursor where to go on, from [Page#next]
public record JobFilter(
    Set<JobState> states,
    Set<String> kinds,
    Set<String> notKinds,
    Optional<String> tag,
    Optional<String> errorText,
    Optional<String> dedupeKey,
    Set<Long> ids,
    Optional<Instant> createdFrom,
    Optional<Instant> createdBefore,
    int limit,
    Optional<String> cursor) {

  /// How many jobs a page looks at, at most.
  public static final int SCAN_LIMIT = 100_000;

  /// How many kinds, or ids, at most.
  public static final int VALUES_LIMIT = 20;

  /// All jobs, 50 on a page.
  public static final JobFilter ALL = new Draft().filter();

  /// A filter with its bounds checked.
  public JobFilter {
    states = Set.copyOf(states);
    kinds = few("kinds", kinds);
    notKinds = few("excluded kinds", notKinds);
    ids = few("ids", ids);
    createdFrom.ifPresent(Limits::time);
    createdBefore.ifPresent(Limits::time);
    Limits.between("limit", limit, 1, 1_000);
    if (states.isEmpty()) {
      throw new IllegalArgumentException("no state is left: ask for one that is not excluded");
    }
  }

  private static <T> Set<T> few(String name, Set<T> values) {
    Limits.between("number of " + name, values.size(), 0, VALUES_LIMIT);
    return Set.copyOf(values);
  }

  /// Only this state.
  public JobFilter state(JobState state) {
    return states(state);
  }

  /// Only these states.
  public JobFilter states(JobState... states) {
    return with(d -> d.states = Set.copyOf(List.of(states)));
  }

  /// None of these states; they are taken from those asked for.
  ///
  /// @throws IllegalArgumentException if none is left
  public JobFilter withoutStates(JobState... states) {
    Set<JobState> left = new HashSet<>(this.states);
    Arrays.asList(states).forEach(left::remove);
    return with(d -> d.states = left);
  }

  /// Only this kind.
  public JobFilter kind(String kind) {
    return kinds(kind);
  }

  /// Only these kinds.
  public JobFilter kinds(String... kinds) {
    return with(d -> d.kinds = Set.copyOf(List.of(kinds)));
  }

  /// None of these kinds.
  public JobFilter withoutKinds(String... kinds) {
    return with(d -> d.notKinds = Set.copyOf(List.of(kinds)));
  }

  /// Only jobs with this tag.
  public JobFilter tag(String tag) {
    return with(d -> d.tag = Optional.of(tag));
  }

  /// Only jobs whose last failure holds this text.
  public JobFilter errorText(String text) {
    return with(d -> d.errorText = Optional.of(text));
  }

  /// Only jobs with this dedupe key.
  public JobFilter dedupeKey(String key) {
    return with(d -> d.dedupeKey = Optional.of(key));
  }

  /// Only these jobs.
  public JobFilter ids(long... ids) {
    return with(d -> d.ids = Arrays.stream(ids).boxed().collect(Collectors.toSet()));
  }

  /// Only jobs that were created then or later.
  public JobFilter createdFrom(Instant from) {
    return with(d -> d.createdFrom = Optional.of(from));
  }

  /// Only jobs that were created earlier.
  public JobFilter createdBefore(Instant before) {
    return with(d -> d.createdBefore = Optional.of(before));
  }

  /// So many on a page.
  public JobFilter limit(int limit) {
    return with(d -> d.limit = limit);
  }

  /// Goes on where a page ended.
  public JobFilter after(String cursor) {
    return with(d -> d.cursor = Optional.of(cursor));
  }

  /// The state asked for, if it is one.
  public Optional<JobState> state() {
    return states.size() == 1 ? states.stream().findFirst() : Optional.empty();
  }

  /// The kind asked for, if it is one.
  public Optional<String> kind() {
    return kinds.size() == 1 ? kinds.stream().findFirst() : Optional.empty();
  }

  /// Whether jobs in all states are asked for.
  public boolean anyState() {
    return states.size() == JobState.values().length;
  }

  /// Whether jobs of all kinds are asked for.
  public boolean anyKind() {
    return kinds.isEmpty() && notKinds.isEmpty();
  }

  /// Whether jobs of a kind are asked for.
  public boolean takes(String kind) {
    return (kinds.isEmpty() || kinds.contains(kind)) && !notKinds.contains(kind);
  }

  private JobFilter with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.states = states;
    draft.kinds = kinds;
    draft.notKinds = notKinds;
    draft.tag = tag;
    draft.errorText = errorText;
    draft.dedupeKey = dedupeKey;
    draft.ids = ids;
    draft.createdFrom = createdFrom;
    draft.createdBefore = createdBefore;
    draft.limit = limit;
    draft.cursor = cursor;
    change.accept(draft);
    return draft.filter();
  }

  /// A filter that is being changed.
  private static final class Draft {
    private Set<JobState> states = EnumSet.allOf(JobState.class);
    private Set<String> kinds = Set.of();
    private Set<String> notKinds = Set.of();
    private Optional<String> tag = Optional.empty();
    private Optional<String> errorText = Optional.empty();
    private Optional<String> dedupeKey = Optional.empty();
    private Set<Long> ids = Set.of();
    private Optional<Instant> createdFrom = Optional.empty();
    private Optional<Instant> createdBefore = Optional.empty();
    private int limit = 50;
    private Optional<String> cursor = Optional.empty();

    private JobFilter filter() {
      return new JobFilter(
          states,
          kinds,
          notKinds,
          tag,
          errorText,
          dedupeKey,
          ids,
          createdFrom,
          createdBefore,
          limit,
          cursor);
    }
  }
}
