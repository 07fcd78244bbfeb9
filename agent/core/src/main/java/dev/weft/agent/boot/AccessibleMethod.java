package dev.weft.agent.boot;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/**
 * Makes a method of the JDK callable without opening its package: what opens one links five lambdas
 * on the thread that starts the application (docs/adr/0291).
 *
 * <p>The fields are those of {@link AccessibleObject}, in their order, so that the JVM puts them in
 * the same places.
 */
final class AccessibleMethod {
  private static final int FIRST = 9;

  /** The last one whose {@code sun.misc.Unsafe} writes without a word (JEP 471, JEP 498). */
  private static final int LAST = 23;

  boolean override;
  volatile @Nullable Object accessCheckCache;

  private AccessibleMethod() {}

  /** The method, ready to be called, null where this Java is not known to allow that. */
  static @Nullable Method of(Class<?> owner, String name, Class<?>... parameters) {
    if (!isKnown(System.getProperty("java.specification.version", ""))) {
      return null;
    }
    try {
      Method method = owner.getDeclaredMethod(name, parameters);
      Field instance = Unsafe.class.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Unsafe unsafe = (Unsafe) instance.get(null);
      Field like = AccessibleMethod.class.getDeclaredField("override");
      long offset = unsafe.objectFieldOffset(like);
      if (!unsafe.getBoolean(instance, offset) || unsafe.getBoolean(like, offset)) {
        // Of these two the first is accessible: this is not the place that says so.
        return null;
      }
      unsafe.putBoolean(method, offset, true);
      return method.isAccessible() ? method : null;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  static boolean isKnown(String version) {
    try {
      int feature = Integer.parseInt(version);
      return feature >= FIRST && feature <= LAST;
    } catch (NumberFormatException e) {
      // Java 8 calls itself 1.8, and has no modules.
      return false;
    }
  }
}
