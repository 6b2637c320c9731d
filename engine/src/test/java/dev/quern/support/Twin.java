package dev.quern.support;

import dev.quern.Quern;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A second copy of the engine and of its tests in this process, with a [Mutant] in place of one of
/// its classes. Only types of Java itself pass between the two.
public final class Twin extends URLClassLoader {

  private Twin(URL[] places) {
    super("mutant", places, Twin.class.getClassLoader());
  }

  /// A copy with a passage of a class replaced.
  ///
  /// @param directory where to compile to; a new directory
  /// @see Mutant#make
  public static Twin with(Path directory, String source, String guard, String instead)
      throws IOException {
    String classPath = System.getProperty("java.class.path");
    Path mutant = Mutant.make(directory, classPath, source, guard, instead);
    return new Twin(new URL[] {mutant.toUri().toURL(), place(Quern.class), place(Twin.class)});
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  /// Calls a static method of the copy of a class.
  public Object call(Class<?> original, String name, Object... arguments)
      throws ReflectiveOperationException {
    List<Class<?>> types = new ArrayList<>();
    for (Object argument : arguments) {
      types.add(
          switch (argument) {
            case Long _ -> long.class;
            case Integer _ -> int.class;
            case Path _ -> Path.class;
            default -> argument.getClass();
          });
    }
    Method method =
        loadClass(original.getName()).getDeclaredMethod(name, types.toArray(Class<?>[]::new));
    method.setAccessible(true);
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException thrown) {
      throw new IllegalStateException(name + " failed in the twin", thrown.getCause());
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.startsWith("dev.quern.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }
}
