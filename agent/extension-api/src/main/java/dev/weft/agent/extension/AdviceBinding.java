package dev.weft.agent.extension;

import org.jspecify.annotations.Nullable;

/**
 * One advice on one method. Immutable.
 *
 * <p>Most methods take an advice that serves all units ({@link HookCall}). The advice class holds
 * static methods annotated with ByteBuddy's {@code @Advice.OnMethodEnter} and {@code OnMethodExit}.
 * It is never loaded: its bytecode is inlined into the library's method. So it may name library
 * types freely, but calls only the library, {@code dev.weft.bootstrap} and {@code java.base}; it
 * has no lambda and no method reference, and no string concatenation where compiled for more than
 * Java 8; everything it names must be accessible from the library's class (public, or of its own
 * package). At most ten lines, no decision: decisions live in the hook.
 */
public final class AdviceBinding {
  /** Descriptor that fits every overload. */
  public static final String ANY = "*";

  private final String methodName;
  private final String descriptor;
  private final String adviceClassName;
  private final @Nullable HookCall hookCall;
  private final boolean optional;

  private AdviceBinding(
      String methodName,
      String descriptor,
      String adviceClassName,
      @Nullable HookCall hookCall,
      boolean optional) {
    this.methodName = methodName;
    this.descriptor = descriptor;
    this.adviceClassName = adviceClassName;
    this.hookCall = hookCall;
    this.optional = optional;
  }

  /**
   * Binds the call of a hook to a method declared in the type.
   *
   * @param methodName name of the method, or {@code <init>}
   * @param descriptor its descriptor, {@code (Ljava/lang/String;I)V}, or {@link #ANY}; abstract and
   *     native methods never fit
   */
  public static AdviceBinding of(String methodName, String descriptor, HookCall hookCall) {
    return new AdviceBinding(methodName, descriptor, hookCall.adviceClassName(), hookCall, false);
  }

  /**
   * Binds an advice class of the unit's own to a method declared in the type.
   *
   * @param methodName name of the method, or {@code <init>}
   * @param descriptor its descriptor, {@code (Ljava/lang/String;I)V}, or {@link #ANY}; abstract and
   *     native methods never fit
   * @param adviceClassName binary name of the advice class
   */
  public static AdviceBinding of(String methodName, String descriptor, String adviceClassName) {
    return new AdviceBinding(methodName, descriptor, adviceClassName, null, false);
  }

  /**
   * A method of a library that is {@linkplain Library.Builder#notWoven not woven}: it is closed
   * where the agent's failure is to deny, and else left alone.
   */
  public static AdviceBinding closing(String methodName, String descriptor) {
    return new AdviceBinding(methodName, descriptor, "", null, false);
  }

  /** The same binding, but a class without the method is woven all the same (versions differ). */
  public AdviceBinding optional() {
    return new AdviceBinding(methodName, descriptor, adviceClassName, hookCall, true);
  }

  /** Name of the method. */
  public String methodName() {
    return methodName;
  }

  /** Descriptor of the method or {@link #ANY}. */
  public String descriptor() {
    return descriptor;
  }

  /** Binary name of the advice class, {@code ""} where there is none. */
  public String adviceClassName() {
    return adviceClassName;
  }

  /** What the advice calls, null where the advice class says so itself. */
  public @Nullable HookCall hookCall() {
    return hookCall;
  }

  /** Whether the method may be missing. */
  public boolean isOptional() {
    return optional;
  }

  /** Whether this binding is for the method. */
  public boolean fits(String name, String methodDescriptor) {
    return methodName.equals(name)
        && (descriptor.equals(ANY) || descriptor.equals(methodDescriptor));
  }

  @Override
  public String toString() {
    return methodName + (descriptor.equals(ANY) ? "" : descriptor);
  }
}
