package dev.weft.instrumentation.tomcat;

import java.lang.reflect.Field;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * Where Coyote's requests and responses keep whom they tell, which is the processor of their
 * connection; set by nothing that others may call.
 */
final class HookField {
  static final HookField OF_REQUEST = new HookField(Request.class);
  static final HookField OF_RESPONSE = new HookField(Response.class);

  private final @Nullable Field field;

  private HookField(Class<?> owner) {
    field = find(owner);
  }

  private static @Nullable Field find(Class<?> owner) {
    try {
      Field field = owner.getDeclaredField("hook");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** False where Tomcat is a named module that opens nothing. */
  boolean isOpen() {
    return field != null;
  }

  /**
   * @throws IllegalStateException where it is not open
   */
  ActionHook get(Object owner) {
    try {
      return (ActionHook) open().get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalStateException where it is not open
   */
  void put(Object owner, ActionHook hook) {
    try {
      open().set(owner, hook);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private Field open() {
    Field open = field;
    if (open == null) {
      throw new IllegalStateException("Tomcat lets nobody stand before its connections");
    }
    return open;
  }
}
