package dev.quern.json;

import static java.time.temporal.ChronoField.MONTH_OF_YEAR;
import static java.time.temporal.ChronoField.YEAR;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.util.Map;
import java.util.function.Function;

/// The shapes of the types of `java.time`, all ISO-8601 text.
final class Times {

  /// What [Year#parse] reads; [Year#toString] writes years before 1000 and after 9999 differently.
  private static final DateTimeFormatter YEAR_FORM =
      new DateTimeFormatterBuilder().appendValue(YEAR, 4, 10, SignStyle.EXCEEDS_PAD).toFormatter();

  /// What [YearMonth#parse] reads.
  private static final DateTimeFormatter YEAR_MONTH_FORM =
      new DateTimeFormatterBuilder()
          .append(YEAR_FORM)
          .appendLiteral('-')
          .appendValue(MONTH_OF_YEAR, 2)
          .toFormatter();

  static final Map<Class<?>, Shape> SHAPES =
      Map.ofEntries(
          entry(Instant.class, "an instant", Instant::toString, Instant::parse),
          entry(Duration.class, "a duration", Duration::toString, Duration::parse),
          entry(Period.class, "a period", Period::toString, Period::parse),
          entry(LocalDate.class, "a date", LocalDate::toString, LocalDate::parse),
          entry(LocalTime.class, "a time", LocalTime::toString, LocalTime::parse),
          entry(LocalDateTime.class, "a date-time", LocalDateTime::toString, LocalDateTime::parse),
          entry(OffsetTime.class, "a time with offset", OffsetTime::toString, OffsetTime::parse),
          entry(
              OffsetDateTime.class,
              "a date-time with offset",
              OffsetDateTime::toString,
              OffsetDateTime::parse),
          entry(
              ZonedDateTime.class,
              "a date-time with zone",
              ZonedDateTime::toString,
              ZonedDateTime::parse),
          entry(ZoneId.class, "a time zone", ZoneId::toString, ZoneId::of),
          entry(ZoneOffset.class, "a zone offset", ZoneOffset::toString, ZoneOffset::of),
          entry(Year.class, "a year", YEAR_FORM::format, Year::parse),
          entry(YearMonth.class, "a year and month", YEAR_MONTH_FORM::format, YearMonth::parse),
          entry(MonthDay.class, "a month and day", MonthDay::toString, MonthDay::parse));

  private Times() {}

  private static <T> Map.Entry<Class<?>, Shape> entry(
      Class<T> type, String what, Function<T, String> writing, Function<String, T> reading) {
    return Map.entry(type, new TextShape<>("ISO-8601 text of " + what, writing, reading));
  }
}
