package dev.weft.instrumentation.nettyclient;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Members of a library that are not public, found once and called by {@link #call}. Whoever lacks
 * one finds out at once, not with the first request.
 */
public final class Handles {
  private Handles() {}

  /** Reads a field. */
  public static MethodHandle getter(Class<?> type, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return generic(MethodHandles.lookup().unreflectGetter(field));
  }

  /** Writes a field. */
  public static MethodHandle setter(Class<?> type, String name)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return generic(MethodHandles.lookup().unreflectSetter(field));
  }

  /** Calls a method. */
  public static MethodHandle method(Class<?> type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Method found = type.getDeclaredMethod(name, parameters);
    found.setAccessible(true);
    return generic(MethodHandles.lookup().unreflect(found).asFixedArity());
  }

  /** Makes an object. */
  public static MethodHandle constructor(Class<?> type, Class<?>... parameters)
      throws ReflectiveOperationException {
    Constructor<?> found = type.getDeclaredConstructor(parameters);
    found.setAccessible(true);
    return generic(MethodHandles.lookup().unreflectConstructor(found).asFixedArity());
  }

  private static MethodHandle generic(MethodHandle handle) {
    return handle
        .asType(handle.type().generic())
        .asSpreader(Object[].class, handle.type().parameterCount());
  }

  /** What a handle of this class answers, which is never null. */
  public static Object get(MethodHandle handle, @Nullable Object... arguments) {
    return requireNonNull(call(handle, arguments));
  }

  /**
   * What a handle of this class answers.
   *
   * @throws IllegalStateException in place of the library's own checked exception
   */
  public static @Nullable Object call(MethodHandle handle, @Nullable Object... arguments) {
    try {
      return handle.invokeExact(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
