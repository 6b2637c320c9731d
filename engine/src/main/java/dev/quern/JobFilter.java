package dev.quern;

import java.util.Optional;

/// Which jobs to list. Immutable; each method returns a changed copy.
///
/// Jobs come newest first: those of one ended state by the time they ended, all others, and those
/// with a tag, by id. A page looks at no more than 100,000 jobs for a tag or a text, and then says
/// so ([Page#next]).
///
/// @param state only this state
/// @param kind only this kind
/// @param tag only jobs with this tag
/// @param errorText only jobs whose last failure has this in its code or message; letter case is
///   ignored for ASCII
/// @param limit how many on a page, between 1 and 1,000; default 50
/// @param cursor where to go on, from [Page#next]
public record JobFilter(
    Optional<JobState> state,
    Optional<String> kind,
    Optional<String> tag,
    Optional<String> errorText,
    int limit,
    Optional<String> cursor) {

  /// How many jobs a page looks at, at most.
  public static final int SCAN_LIMIT = 100_000;

  /// All jobs, 50 on a page.
  public static final JobFilter ALL =
      new JobFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          50,
          Optional.empty());

  /// A filter with its bounds checked.
  public JobFilter {
    Limits.between("limit", limit, 1, 1_000);
  }

  /// Only this state.
  public JobFilter state(JobState state) {
    return new JobFilter(Optional.of(state), kind, tag, errorText, limit, cursor);
  }

  /// Only this kind.
  public JobFilter kind(String kind) {
    return new JobFilter(state, Optional.of(kind), tag, errorText, limit, cursor);
  }

  /// Only jobs with this tag.
  public JobFilter tag(String tag) {
    return new JobFilter(state, kind, Optional.of(tag), errorText, limit, cursor);
  }

  /// Only jobs whose last failure holds this text.
  public JobFilter errorText(String text) {
    return new JobFilter(state, kind, tag, Optional.of(text), limit, cursor);
  }

  /// So many on a page.
  public JobFilter limit(int limit) {
    return new JobFilter(state, kind, tag, errorText, limit, cursor);
  }

  /// Goes on where a page ended.
  public JobFilter after(String cursor) {
    return new JobFilter(state, kind, tag, errorText, limit, Optional.of(cursor));
  }
}
