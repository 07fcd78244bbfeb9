package dev.weft.agent.hook;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opens packages of Java modules to hooks. Everything by reflection: Java 8 has no modules, and
 * nothing happens there.
 */
final class Modules {
  private Modules() {}

  /**
   * Exports and opens packages of {@code owner}'s module to the unnamed module of {@code to}, and
   * lets that read it.
   *
   * @throws ReflectiveOperationException when the JVM refuses
   */
  static void open(
      Instrumentation instrumentation, Class<?> owner, List<String> packages, ClassLoader to)
      throws ReflectiveOperationException {
    if (packages.isEmpty()) {
      return;
    }
    Method getModule;
    try {
      getModule = Class.class.getMethod("getModule");
    } catch (NoSuchMethodException e) {
      return;
    }
    Object module = getModule.invoke(owner);
    Class<?> moduleType = getModule.getReturnType();
    if (!(Boolean) moduleType.getMethod("isNamed").invoke(module)) {
      return;
    }
    Object reader = ClassLoader.class.getMethod("getUnnamedModule").invoke(to);
    Set<?> present = (Set<?>) moduleType.getMethod("getPackages").invoke(module);
    Map<String, Set<Object>> opened = new HashMap<>();
    for (String name : packages) {
      if (present.contains(name)) {
        opened.put(name, Collections.singleton(reader));
      }
    }
    Instrumentation.class
        .getMethod(
            "redefineModule", moduleType, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            module,
            Collections.emptySet(),
            opened,
            opened,
            Collections.emptySet(),
            Collections.emptyMap());
  }
}
