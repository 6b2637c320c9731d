package dev.quern.support;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.sqlite.JDBC;

/// The wire between an engine and its file: a JDBC driver before SQLite's own, which shows every
/// statement to a [Tap]. The engine is what it always is; only files that are tapped are affected.
public final class Wire implements Driver {
  private static final Map<String, Supplier<Tap>> TAPS = new ConcurrentHashMap<>();

  static {
    try {
      install();
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Driver sqlite = new JDBC();

  private Wire() {}

  /// What sees the statements of a connection, on the thread that runs them. What it throws, the
  /// engine sees as a fault of the database.
  public interface Tap {
    /// A connection was opened.
    default void opened(Connection real) {}

    /// A statement is about to run; `commit` and `rollback` are statements like others.
    default void before(Connection real, String sql) throws SQLException {}

    /// A statement has run.
    default void after(Connection real, String sql) throws SQLException {}
  }

  /// The driver manager asks drivers in the order in which they came.
  private static void install() throws SQLException {
    List<Driver> others = DriverManager.drivers().filter(JDBC.class::isInstance).toList();
    for (Driver other : others) {
      DriverManager.deregisterDriver(other);
    }
    DriverManager.registerDriver(new Wire());
    for (Driver other : others) {
      DriverManager.registerDriver(other);
    }
  }

  /// Taps all connections to a file that are opened from now on, each by a tap of `taps`.
  public static void tap(Path file, Supplier<Tap> taps) {
    TAPS.put("jdbc:sqlite:" + file, taps);
  }

  /// Leaves a file alone from now on.
  public static void untap(Path file) {
    TAPS.remove("jdbc:sqlite:" + file);
  }

  /// A connection that nobody taps.
  public static Connection untapped(Path file) throws SQLException {
    return new JDBC().connect("jdbc:sqlite:" + file, new Properties());
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    Supplier<Tap> taps = TAPS.get(url);
    if (taps == null) {
      return null;
    }
    Tap tap = taps.get();
    Connection real = sqlite.connect(url, info);
    tap.opened(real);
    return proxy(Connection.class, new Tapped(real, real, tap, ""));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(Wire.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /// A connection or statement that shows what it runs.
  private record Tapped(Connection connection, Object target, Tap tap, String sql)
      implements InvocationHandler {

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      return switch (method.getName()) {
        case "execute", "executeQuery", "executeUpdate", "executeBatch" ->
            run(arguments == null ? sql : (String) arguments[0], method, arguments);
        case "commit", "rollback" -> run(method.getName(), method, arguments);
        case "prepareStatement" ->
            statement(PreparedStatement.class, method, arguments, (String) arguments[0]);
        case "createStatement" -> statement(Statement.class, method, arguments, "");
        default -> call(method, arguments);
      };
    }

    private Object run(String text, Method method, Object[] arguments) throws Throwable {
      tap.before(connection, text);
      Object answer = call(method, arguments);
      tap.after(connection, text);
      return answer;
    }

    private <T> T statement(Class<T> type, Method method, Object[] arguments, String text)
        throws Throwable {
      return proxy(type, new Tapped(connection, call(method, arguments), tap, text));
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
      try {
        return method.invoke(target, arguments);
      } catch (InvocationTargetException thrown) {
        throw thrown.getCause();
      }
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return TAPS.containsKey(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger(Wire.class.getName());
  }
}
