package dev.quern.wire;

import dev.quern.JobFilter;
import dev.quern.JobState;
import dev.quern.wire.FilterTerms.Term;
import dev.quern.wire.FilterTerms.Value;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A [JobFilter] as a text, the parameter `q` of lists: terms such as `state:failed,cancelled
/// -kind:mail error:"no such host" created>=2027-01-31`, with spaces between them, each at most
/// once. Page and cursor are not in it.
///
/// Where a term takes several values they are separated by commas, and one of them is enough. A
/// value in quotes may hold spaces and commas, and `\"` and `\\` in it stand for a quote and a
/// backslash.
public final class FilterText {
  private static final String KNOWN =
      "state:, -state:, kind:, -kind:, tag:, error:, key:, id:, created>=, created>, created<= and"
          + " created<";

  private FilterText() {}

  /// The filter that a text asks for.
  ///
  /// @throws IllegalArgumentException if it cannot be read; the message says at which position
  public static JobFilter read(String text) {
    List<Term> terms = new FilterTerms(text).all();
    Set<String> names = new HashSet<>();
    JobFilter filter = JobFilter.ALL;
    for (Term term : terms) {
      if (!names.add(term.name().replace("=", ""))) {
        throw FilterTerms.refused(term.at(), "\"%s\" is there twice".formatted(term.name()));
      }
    }
    // States are taken from those that are asked for, wherever they stand.
    for (Term term : terms.stream().sorted(Comparator.comparing(Term::excludes)).toList()) {
      filter = with(filter, term);
    }
    return filter;
  }

  private static JobFilter with(JobFilter filter, Term term) {
    return switch (term.name()) {
      case "state:" -> checked(term, states(term), filter::states);
      case "-state:" -> checked(term, states(term), filter::withoutStates);
      case "kind:" -> checked(term, texts(term), filter::kinds);
      case "-kind:" -> checked(term, texts(term), filter::withoutKinds);
      case "tag:" -> checked(term, term.value(), filter::tag);
      case "error:" -> checked(term, term.value(), filter::errorText);
      case "key:" -> checked(term, term.value(), filter::dedupeKey);
      case "id:" -> checked(term, ids(term), filter::ids);
      case "created>=" -> checked(term, time(term), filter::createdFrom);
      case "created>" -> checked(term, time(term).plusMillis(1), filter::createdFrom);
      case "created<" -> checked(term, time(term), filter::createdBefore);
      case "created<=" -> checked(term, time(term).plusMillis(1), filter::createdBefore);
      default ->
          throw FilterTerms.refused(
              term.at(), "there is no \"%s\", but %s".formatted(term.name(), KNOWN));
    };
  }

  private static <T> JobFilter checked(Term term, T values, Function<T, JobFilter> change) {
    return FilterTerms.checked(term.at(), () -> change.apply(values));
  }

  private static JobState[] states(Term term) {
    return term.values().stream().map(FilterText::state).toArray(JobState[]::new);
  }

  private static JobState state(Value value) {
    return FilterTerms.checked(value.at(), () -> JobState.of(value.text()));
  }

  private static String[] texts(Term term) {
    return term.values().stream().map(Value::text).toArray(String[]::new);
  }

  private static long[] ids(Term term) {
    return term.values().stream().mapToLong(FilterText::id).toArray();
  }

  private static long id(Value value) {
    if (!value.text().matches("[1-9]\\d{0,17}")) {
      throw FilterTerms.refused(value.at(), "\"%s\" is no id".formatted(value.text()));
    }
    return Long.parseLong(value.text());
  }

  private static Instant time(Term term) {
    String text = term.value();
    return FilterTerms.checked(term.values().getFirst().at(), () -> time(text));
  }

  private static Instant time(String text) {
    try {
      return text.indexOf('T') < 0
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException(
          "\"%s\" is no time such as 2027-01-31 or 2027-01-31T09:00Z".formatted(text), e);
    }
  }

  // ---- written

  /// A text that asks for what a filter asks for.
  public static String write(JobFilter filter) {
    Stream<String> states = filter.states().stream().sorted().map(JobState::label);
    return Stream.of(
            filter.anyState() ? "" : list("state:", states),
            list("kind:", filter.kinds().stream().sorted()),
            list("-kind:", filter.notKinds().stream().sorted()),
            list("tag:", filter.tag().stream()),
            list("error:", filter.errorText().stream()),
            list("key:", filter.dedupeKey().stream()),
            list("id:", filter.ids().stream().sorted().map(String::valueOf)),
            filter.createdFrom().map(from -> "created>=" + from).orElse(""),
            filter.createdBefore().map(before -> "created<" + before).orElse(""))
        .filter(term -> !term.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String list(String name, Stream<String> values) {
    String list = values.map(FilterTerms::quoted).collect(Collectors.joining(","));
    return list.isEmpty() ? "" : name + list;
  }
}
