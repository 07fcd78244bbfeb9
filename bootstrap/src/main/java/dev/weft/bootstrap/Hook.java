package dev.weft.bootstrap;

import org.jspecify.annotations.Nullable;

/**
 * What woven advice calls: the one door between a library class and the agent.
 *
 * <p>There is one instance per library class loader and hook name, made at its first use; it is
 * thread-safe. What the arguments and results mean is agreed between one advice and its hook, with
 * two rules that hold for all:
 *
 * <ul>
 *   <li>{@link #enter} answers {@link Permit#GRANTED} when the mesh has no say in this call: advice
 *       then lets the library go on as if it were not woven. This is also the answer on the agent's
 *       own threads, and of an agent that is not usable under {@code mesh.on-agent-failure=allow};
 *       so every advice must be ready for it.
 *   <li>{@link #exit} answers {@code result} when nothing is to be changed.
 * </ul>
 */
public abstract class Hook {
  /** For subclasses; see {@code dev.weft.agent.extension.MeshHook}. */
  protected Hook() {}

  /**
   * Called before the library's method.
   *
   * @param self the receiver, null in a static method
   * @param a first value the advice hands over, usually an argument of the method
   * @param b second value
   * @param c third value
   * @return {@link Permit#GRANTED} to go on unchanged, or what this hook and its advice agreed on
   * @throws Throwable anything: enforcing advice takes it as a refusal, observing advice suppresses
   *     it
   */
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c)
      throws Throwable {
    return null;
  }

  /**
   * Called after the library's method, or after {@link #enter} when the method was skipped.
   *
   * @param entered what {@link #enter} answered, null when the advice has none
   * @param self the receiver, null in a static method
   * @param result what the method returned, null when it threw or returns nothing
   * @param thrown what the method threw, null when it returned
   * @return the value the method shall return instead
   * @throws Throwable as for {@link #enter}
   */
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown)
      throws Throwable {
    return result;
  }
}
