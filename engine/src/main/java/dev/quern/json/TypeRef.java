package dev.quern.json;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A type without variables and wildcards, such as `Map<String, int[]>`.
///
/// @param raw the class
/// @param arguments what stands for the class's type parameters; for an array the type of its
///   elements; empty for a raw type
record TypeRef(Class<?> raw, List<TypeRef> arguments) {

  static final TypeRef OBJECT = new TypeRef(Object.class, List.of());

  static TypeRef of(Class<?> type) {
    return type.isArray() ? arrayOf(of(type.componentType())) : new TypeRef(type, List.of());
  }

  /// The type that `type` is when it is used inside this one: its variables get this type's
  /// arguments.
  TypeRef resolve(Type type) {
    return resolve(type, bindings());
  }

  /// The type argument at `index`, or `Object` for a raw type.
  TypeRef argument(int index) {
    return index < arguments.size() ? arguments.get(index) : OBJECT;
  }

  /// The type that `below`, a class that directly extends this interface, is for these arguments.
  TypeRef subtype(Class<?> below) {
    var generic =
        Arrays.stream(below.getGenericInterfaces())
            .filter(ParameterizedType.class::isInstance)
            .map(ParameterizedType.class::cast)
            .filter(type -> type.getRawType() == raw)
            .findFirst();
    var passed = generic.map(ParameterizedType::getActualTypeArguments).orElse(new Type[0]);
    return new TypeRef(
        below,
        Arrays.stream(below.getTypeParameters())
            .map(parameter -> argument(Arrays.asList(passed).indexOf(parameter), parameter))
            .toList());
  }

  @Override
  public String toString() {
    if (raw.isArray() || arguments.isEmpty()) {
      return raw.getTypeName();
    }
    return raw.getTypeName()
        + arguments.stream().map(TypeRef::toString).collect(joining(", ", "<", ">"));
  }

  private TypeRef argument(int index, TypeVariable<?> parameter) {
    return index >= 0 && index < arguments.size() ? arguments.get(index) : erasure(parameter);
  }

  private Map<TypeVariable<?>, TypeRef> bindings() {
    var bindings = new HashMap<TypeVariable<?>, TypeRef>();
    var parameters = raw.getTypeParameters();
    for (int i = 0; i < parameters.length; i++) {
      bindings.put(parameters[i], argument(i, parameters[i]));
    }
    return bindings;
  }

  private static TypeRef resolve(Type type, Map<TypeVariable<?>, TypeRef> bindings) {
    return switch (type) {
      case Class<?> plain -> of(plain);
      case ParameterizedType generic -> generic(generic, bindings);
      case GenericArrayType array -> arrayOf(resolve(array.getGenericComponentType(), bindings));
      case WildcardType wildcard -> resolve(wildcard.getUpperBounds()[0], bindings);
      case TypeVariable<?> variable -> bindings.getOrDefault(variable, erasure(variable));
      default -> throw new IllegalArgumentException("no JSON form for " + type);
    };
  }

  private static TypeRef generic(ParameterizedType type, Map<TypeVariable<?>, TypeRef> bindings) {
    var arguments =
        Arrays.stream(type.getActualTypeArguments())
            .map(argument -> resolve(argument, bindings))
            .toList();
    return new TypeRef((Class<?>) type.getRawType(), arguments);
  }

  private static TypeRef arrayOf(TypeRef element) {
    return new TypeRef(element.raw.arrayType(), List.of(element));
  }

  private static TypeRef erasure(Type type) {
    return switch (type) {
      case Class<?> plain -> of(plain);
      case ParameterizedType generic -> of((Class<?>) generic.getRawType());
      case TypeVariable<?> variable -> erasure(variable.getBounds()[0]);
      default -> OBJECT;
    };
  }
}
