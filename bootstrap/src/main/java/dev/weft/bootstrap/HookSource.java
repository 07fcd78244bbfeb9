package dev.weft.bootstrap;

/**
 * Makes hooks: the agent behind {@link Hooks}. Implemented in the agent's class loader;
 * thread-safe.
 */
public interface HookSource {
  /**
   * The hook for a woven class. Called once per class and name, then remembered with the class.
   *
   * @param owner the woven class
   * @param name binary name of the hook class
   * @return the one instance for the class loader of {@code owner} and {@code name}
   * @throws Throwable when there is no such hook or it cannot be made
   */
  Hook find(Class<?> owner, String name) throws Throwable;
}
