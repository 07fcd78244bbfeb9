package sun.misc;

import java.lang.reflect.Field;

/**
 * What the JDK's own class of this name has, for the compiler, which does not show it to Java 8.
 * Not in any jar: a package of the JDK's comes from there.
 */
public final class Unsafe {
  private Unsafe() {}

  public native long objectFieldOffset(Field field);

  public native boolean getBoolean(Object owner, long offset);

  public native void putBoolean(Object owner, long offset, boolean value);
}
