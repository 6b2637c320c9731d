package dev.quern.json;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/// The ways into a record, be it public or not.
final class RecordAccess {

  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private RecordAccess() {}

  /// The canonical constructor, as `(Object[]) -> Object`.
  static MethodHandle constructor(Class<?> record) {
    var types =
        Arrays.stream(record.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = record.getDeclaredConstructor(types);
      open(constructor, record);
      return LOOKUP
          .unreflectConstructor(constructor)
          .asFixedArity()
          .asSpreader(Object[].class, types.length)
          .asType(methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("record " + record.getName() + " without constructor", e);
    }
  }

  /// The accessor, as `(Object) -> Object`.
  static MethodHandle accessor(RecordComponent component) {
    var accessor = component.getAccessor();
    open(accessor, component.getDeclaringRecord());
    try {
      return LOOKUP.unreflect(accessor).asType(methodType(Object.class, Object.class));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(accessor + " has been made accessible and is not", e);
    }
  }

  private static void open(AccessibleObject member, Class<?> record) {
    try {
      member.setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          "record %s is closed to Quern: add `opens %s to dev.quern` to the module %s"
              .formatted(record.getName(), record.getPackageName(), record.getModule().getName()),
          e);
    }
  }
}
