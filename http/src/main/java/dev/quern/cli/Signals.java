package dev.quern.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// Ctrl-C and SIGTERM as calls, so that a command can stop gracefully the first time and at once
/// the second. Between [#watch] and [#close] they do not end the process by themselves.
///
/// Java has no public door to signals; `sun.misc.Signal` is reached by reflection, and where there
/// is none, signals end the process as usual.
final class Signals implements AutoCloseable {
  private final Map<Object, Object> before = new HashMap<>();

  private Signals() {}

  /// Calls `listener` for every signal, on a thread of the JVM, with the exit code that belongs to
  /// it: [Exit#INTERRUPTED] or [Exit#TERMINATED].
  static Signals watch(IntConsumer listener) {
    Signals signals = new Signals();
    signals.take("INT", () -> listener.accept(Exit.INTERRUPTED));
    signals.take("TERM", () -> listener.accept(Exit.TERMINATED));
    return signals;
  }

  private void take(String name, Runnable listener) {
    try {
      Object signal = type("sun.misc.Signal").getConstructor(String.class).newInstance(name);
      before.put(signal, handle(signal, handler(listener)));
    } catch (ReflectiveOperationException _) {
      // No such class or no such signal here: it ends the process as usual.
    }
  }

  private static Object handler(Runnable listener) throws ClassNotFoundException {
    Class<?> type = type("sun.misc.SignalHandler");
    InvocationHandler invocation =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "handle" -> {
                listener.run();
                yield null;
              }
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "Signals";
            };
    return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, invocation);
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    return type("sun.misc.Signal")
        .getMethod("handle", type("sun.misc.Signal"), type("sun.misc.SignalHandler"))
        .invoke(null, signal, handler);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name);
  }

  /// Signals do again what they did before.
  @Override
  public void close() {
    before.forEach(Signals::restore);
  }

  private static void restore(Object signal, Object handler) {
    try {
      handle(signal, handler);
    } catch (ReflectiveOperationException _) {
      // It was taken by the same way, so it can be given back.
    }
  }
}
