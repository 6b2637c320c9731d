package dev.quern.trust;

import dev.quern.Quern;
import dev.quern.support.Invariants;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A copy of a database that a [Load] was at work on, compared with what the load was told.
///
/// @param file the copy
record Copy(Path file) {
  private static final String JOBS =
      """
      select id, coalesce(payload, (select p.payload from quern_payload as p where job_id = id))
        from quern_job
      """;

  /// What is wrong with it: acknowledged jobs that are missing, jobs that nobody asked for, torn
  /// groups, broken rules. A file that cannot be read is wrong, too.
  ///
  /// @param before what was acknowledged before it was begun
  /// @param groups what was asked for when it was done
  List<String> faults(Map<String, Long> before, Map<String, Integer> groups) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      List<String> faults = new ArrayList<>();
      Map<String, Long> there = jobs(connection);
      new Invariants(connection).broken().forEach((rule, rows) -> faults.add(rule + ": " + rows));
      before.forEach((token, id) -> {
        if (!id.equals(there.get(token))) {
          faults.add("lost: " + token + ", job " + id);
        }
      });
      faults.addAll(torn(there, groups));
      return faults;
    } catch (SQLException damaged) {
      return List.of("unreadable: " + damaged.getMessage());
    }
  }

  private static Map<String, Long> jobs(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(JOBS)) {
      Map<String, Long> jobs = new HashMap<>();
      while (rows.next()) {
        jobs.put(token(rows.getLong(1), rows.getString(2)), rows.getLong(1));
      }
      return jobs;
    }
  }

  /// A torn copy may have a job and not its payload: that is none that anybody asked for.
  private static String token(long id, String payload) {
    return payload == null ? "no payload/" + id : payload.replaceAll("^\"| .*", "");
  }

  private static List<String> torn(Map<String, Long> there, Map<String, Integer> groups) {
    Map<String, Long> found =
        there.keySet().stream().collect(Collectors.groupingBy(Copy::group, Collectors.counting()));
    return found.entrySet().stream()
        .filter(group -> group.getValue() != (long) groups.getOrDefault(group.getKey(), 0))
        .map(group -> "torn or unexpected: " + group)
        .toList();
  }

  private static String group(String token) {
    return token.substring(0, token.indexOf('/'));
  }

  /// Works off what is in it; returns how many jobs it had.
  int work(Function<Quern, Boolean> finished) throws Exception {
    try (Quern quern = Quern.open(file)) {
      var ran = ConcurrentHashMap.<Long>newKeySet();
      Load.handle(quern, ran);
      dev.quern.it.Processes.await("the jobs of a copy", () -> finished.apply(quern));
      return ran.size();
    }
  }
}
