package dev.quern.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.JobState;
import dev.quern.store.Sqlite;
import dev.quern.support.TestStore;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How SQLite goes about the statements of the engine.
class PlansTest {
  /// Reads its last row only.
  private static final Set<String> READS_ONE_ROW = Set.of("OwnerTable.LATEST");

  private static final Sqlite SQLITE = new Sqlite(Path.of(""));

  @RegisterExtension final TestStore store = new TestStore();

  @Test
  void a_claim_finds_its_jobs_in_the_index_of_ready_jobs_in_their_order() throws Exception {
    for (String claim : List.of("READY_ANY", "HEADS")) {
      var plan = plan(sql(ClaimTable.class, claim));
      assertTrue(
          plan.stream().anyMatch(step -> step.endsWith("INDEX quern_job_ready (lane=?)")),
          claim + ": " + plan);
      assertTrue(plan.stream().noneMatch(step -> step.contains("TEMP B-TREE")), claim + plan);
    }
  }

  @Test
  void a_claim_that_prefers_a_key_finds_its_jobs_in_the_index_of_affinity() throws Exception {
    var plan = plan(sql(ClaimTable.class, "READY_AFFINE"));

    assertTrue(
        plan.contains(
            "SEARCH quern_job USING INDEX quern_job_affinity"
                + " (lane=? AND affinity_key=? AND priority=?)"),
        plan.toString());
    assertTrue(plan.stream().noneMatch(step -> step.contains("TEMP B-TREE")), plan.toString());
  }

  @Test
  void what_moves_a_range_of_jobs_goes_along_the_table() throws Exception {
    for (var sql :
        List.of(
            sql(ClaimTable.class, "CLAIM_RANGE"),
            sql(EndTable.class, "COUNT_HELD_RANGE"),
            sql(EndTable.class, "COMPLETE_RANGE"))) {
      assertEquals(
          List.of("SEARCH quern_job USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"), plan(sql));
    }
  }

  @Test
  void a_tenant_finds_and_counts_its_jobs_in_indexes_of_its_own() throws Exception {
    for (var statement :
        List.of(
            List.of(
                "NEWEST_OF_TENANT", "INDEX quern_job_tenant (tenant=? AND rowid>? AND rowid<?)"),
            List.of(
                "LIVE_OF_TENANT",
                "INDEX quern_job_tenant_live (tenant=? AND ended_at=? AND rowid<?)"))) {
      var plan = plan(sql(JobListTable.class, statement.get(0)));
      assertTrue(plan.stream().anyMatch(step -> step.endsWith(statement.get(1))), plan.toString());
      assertTrue(plan.stream().noneMatch(step -> step.contains("TEMP B-TREE")), plan.toString());
    }
    var count = plan(sql(TenantTable.class, "COUNT_LIVE"));
    assertEquals(
        List.of(
            "SEARCH quern_job USING COVERING INDEX quern_job_tenant_live (tenant=? AND ended_at=?)"),
        count);
  }

  @Test
  void lists_follow_an_index_in_their_order() throws Exception {
    for (var statement :
        List.of(
            List.of("NEWEST", "SEARCH quern_job USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
            List.of("TAGGED", "INDEX quern_tag_tag (tag=? AND job_id>? AND job_id<?)"),
            List.of(
                "LAST_ENDED", "INDEX quern_job_ended (lane=? AND state=? AND ended_at>? AND"))) {
      var sql = sql(JobListTable.class, statement.get(0)).formatted("done");
      var plan = plan(sql);
      assertTrue(plan.getFirst().contains(statement.get(1)), plan.toString());
      assertTrue(plan.stream().noneMatch(step -> step.contains("TEMP B-TREE")), plan.toString());
    }
  }

  @Test
  void no_statement_reads_all_jobs() throws Exception {
    var whole = new TreeMap<String, List<String>>();
    int explained = 0;
    for (Field constant : constants()) {
      for (String sql : complete(constant)) {
        var plan = plan(sql);
        explained += plan.isEmpty() ? 0 : 1;
        if (plan.stream()
            .anyMatch(step ->
                step.matches("SCAN (quern_job|j|quern_chunk|quern_artifact|a|quern_content|c)"))) {
          whole.put(name(constant), plan);
        }
      }
    }
    whole.keySet().removeAll(READS_ONE_ROW);

    assertEquals(new TreeMap<>(), whole);
    assertTrue(explained > 40, explained + " statements");
  }

  /// A statement, or those that a template stands for: for live states, or for ended ones.
  private static List<String> complete(Field constant) throws IllegalAccessException {
    var sql = SQLITE.inWords((String) constant.get(null));
    if (sql.contains("'%s'")) {
      return Arrays.stream(JobState.values())
          .filter(state -> state.live() == constant.getName().equals("LIVE"))
          .map(state -> sql.replace("'%s'", "'" + state.label() + "'"))
          .toList();
    }
    return sql.contains("%s") ? List.of() : List.of(sql);
  }

  /// The steps of the plan; none if it is no statement.
  private List<String> plan(String sql) throws SQLException {
    store.manual().close();
    try (var connection = store.connect()) {
      return plan(connection, sql);
    }
  }

  private static List<String> plan(Connection connection, String sql) throws SQLException {
    var steps = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("explain query plan " + sql)) {
      while (rows.next()) {
        steps.add(rows.getString("detail"));
      }
    } catch (SQLException fragment) {
      assertTrue(fragment.getMessage().contains("syntax error"), sql + ": " + fragment);
    }
    return steps;
  }

  private static List<Field> constants() throws Exception {
    var constants = new ArrayList<Field>();
    for (Class<?> table : tables()) {
      for (Field field : table.getDeclaredFields()) {
        if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          constants.add(field);
        }
      }
    }
    return constants;
  }

  private static List<Class<?>> tables()
      throws IOException, URISyntaxException, ClassNotFoundException {
    var tables = new ArrayList<Class<?>>();
    var root = Path.of(Core.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    for (String floor : List.of("core", "artifact", "access")) {
      try (var files = Files.list(root.resolve("dev/quern/" + floor))) {
        for (Path file : files.toList()) {
          var name = file.getFileName().toString();
          if (name.endsWith("Table.class")) {
            tables.add(Class.forName("dev.quern." + floor + "." + name.replace(".class", "")));
          }
        }
      }
    }
    return tables;
  }

  private static String sql(Class<?> table, String constant) throws Exception {
    var field = table.getDeclaredField(constant);
    field.setAccessible(true);
    return SQLITE.inWords((String) field.get(null));
  }

  private static String name(Field constant) {
    return constant.getDeclaringClass().getSimpleName() + "." + constant.getName();
  }
}
