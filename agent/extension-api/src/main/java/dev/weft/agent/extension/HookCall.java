package dev.weft.agent.extension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a woven method calls a hook: by which advice, which hook, and what it hands over. Immutable.
 *
 * <p>A unit needs advice of its own only where the library's types must be named in it: to write
 * the refusal of a gate, or to make the future that failed. What the hook is handed are the four
 * parameters of {@code enter}, in their order; those of {@code exit} are told with each kind.
 *
 * <p>On the agent's own threads, and while the agent is not ready or not usable, {@code
 * dev.weft.bootstrap.Hooks} answers for the hook. A hook that has nothing to say answers {@code
 * Permit.GRANTED} from {@code enter}, and from {@code exit} the result it was given.
 */
public final class HookCall {
  private static final String ADVICE = "dev.weft.agent.extension.advice.";

  private final String adviceClassName;
  private final String exitClassName;
  private final String hookClassName;
  private final List<HandedValue> handed;
  private final @Nullable HandedValue changed;
  private final @Nullable String answer;

  private HookCall(
      String adviceClassName,
      String exitClassName,
      String hookClassName,
      List<HandedValue> handed,
      @Nullable HandedValue changed,
      @Nullable String answer) {
    this.adviceClassName = adviceClassName;
    this.exitClassName = exitClassName;
    this.hookClassName = hookClassName;
    this.handed = handed;
    this.changed = changed;
    this.answer = answer;
  }

  /**
   * Advice of the unit's own with parameters as {@code dev.weft.agent.extension.advice} declares
   * them: for methods that differ in their hook, or in what is handed over.
   *
   * @param advice binary name of the advice class
   * @param hook binary name of the hook class
   */
  public static HookCall of(String advice, String hook, HandedValue... handed) {
    return new HookCall(
        advice,
        advice,
        hook,
        Collections.unmodifiableList(new ArrayList<>(Arrays.asList(handed))),
        null,
        null);
  }

  /**
   * Enforces: the method runs only with the permit that {@code enter} answers. It is skipped for an
   * {@code Outcome}, which is what it returns or throws instead, and throws an {@code IOException}
   * when the hook failed.
   */
  public static HookCall decides(String hook, HandedValue... handed) {
    return of(ADVICE + "DecidingAdvice", hook, handed);
  }

  /**
   * Enforces, as the gate of a server ({@link RequestGate}): the method runs unless {@code enter}
   * answers null or an {@code Outcome}.
   *
   * @param exit binary name of the unit's advice on exit. Its locals are {@code hook} and {@code
   *     answer}; it refuses where there is no answer, and tells the hook's {@code exit}
   */
  public static HookCall gate(String hook, String exit, HandedValue... handed) {
    return of(ADVICE + "GateAdvice", hook, handed).leavingBy(exit);
  }

  /**
   * Observes: the method returns what {@code exit} answers. When the hook fails, it returns its own
   * result.
   *
   * @param handed {@code self}, and what was {@code entered}
   */
  public static HookCall changesResult(String hook, HandedValue... handed) {
    return of(ADVICE + "ResultAdvice", hook, handed);
  }

  /**
   * Enforces: the method returns what {@code exit} answers. When the hook fails, it throws an
   * {@code IOException}.
   *
   * @param handed {@code self}, and what was {@code entered}
   */
  public static HookCall enforcesResult(String hook, HandedValue... handed) {
    return of(ADVICE + "EnforcedResultAdvice", hook, handed);
  }

  /**
   * Enforces: the method goes on with the argument that {@code exit} answers, which was handed to
   * it as the result. When the hook fails, it throws an {@code IOException}.
   *
   * @param handed {@code self}, and what was {@code entered}
   */
  public static HookCall enforcesArgument(
      HandedValue argument, String hook, HandedValue... handed) {
    return of(ADVICE + "EnforcedArgumentAdvice", hook, handed).changing(argument);
  }

  /**
   * Observes: the method goes on with the argument that {@code enter} answers. When that is null or
   * {@code Permit.GRANTED}, or the hook fails, it goes on with its own.
   *
   * @param handed three at most
   */
  public static HookCall changesArgument(HandedValue argument, String hook, HandedValue... handed) {
    return of(ADVICE + "ArgumentAdvice", hook, handed).changing(argument);
  }

  /** Observes: calls {@code enter} before the method. */
  public static HookCall before(String hook, HandedValue... handed) {
    return of(ADVICE + "BeforeAdvice", hook, handed);
  }

  /** Observes: calls {@code enter} after the method, unless that threw. */
  public static HookCall after(String hook, HandedValue... handed) {
    return of(ADVICE + "AfterAdvice", hook, handed);
  }

  /**
   * Observes: calls {@code enter} before the method. If that answers anything, {@code exit} gets
   * the answer after it, also when it threw.
   *
   * @param handed two at most
   */
  public static HookCall around(String hook, HandedValue... handed) {
    return of(ADVICE + "AroundAdvice", hook, handed);
  }

  /**
   * Observes: an {@code Outcome} of {@code enter} says that the hook does the method's work. The
   * method is skipped, and returns null, zero or false.
   */
  public static HookCall skips(String hook, HandedValue... handed) {
    return of(ADVICE + "SkippingAdvice", hook, handed);
  }

  /**
   * Observes: hands the receiver to {@code enter} after the method by which a server starts to
   * listen. That does not wait for an agent that is starting; the hook is told later.
   */
  public static HookCall listening(String hook) {
    return of(ADVICE + "ListeningAdvice", hook);
  }

  /**
   * Observes: hands a server to {@code enter} before a method that is called again and again, on a
   * thread that must not wait for an agent that is starting. The hook is not told of those calls.
   */
  public static HookCall polling(String hook, HandedValue server) {
    return of(ADVICE + "PollingAdvice", hook, server);
  }

  /**
   * Observes: hands the receiver to {@code exit}, as {@code self}, before the method by which a
   * server stops listening. It does not wait for an agent that is starting.
   */
  public static HookCall stopping(String hook) {
    return of(ADVICE + "StoppingAdvice", hook);
  }

  /**
   * The same, with advice on exit of the unit's own, whose locals are those of the advice on enter.
   *
   * @param exit binary name of the advice class
   */
  public HookCall leavingBy(String exit) {
    return new HookCall(adviceClassName, exit, hookClassName, handed, changed, answer);
  }

  /** The same, where the advice has a parameter that is {@code Changed}. */
  public HookCall changing(HandedValue argument) {
    return new HookCall(adviceClassName, exitClassName, hookClassName, handed, argument, answer);
  }

  /**
   * The same, for methods only that may return a value of this type: what the hook answers is one.
   *
   * @param type name of a class or an interface
   */
  public HookCall answering(String type) {
    return new HookCall(adviceClassName, exitClassName, hookClassName, handed, changed, type);
  }

  /** Binary name of the advice class. */
  public String adviceClassName() {
    return adviceClassName;
  }

  /** Binary name of the class of the advice on exit, usually the same. */
  public String exitClassName() {
    return exitClassName;
  }

  /** Binary name of the hook class. */
  public String hookClassName() {
    return hookClassName;
  }

  /** What is handed over. */
  public List<HandedValue> handed() {
    return handed;
  }

  /** The argument that is changed, null for none. */
  public @Nullable HandedValue changed() {
    return changed;
  }

  /** The type that the method must be able to return, null for any. */
  public @Nullable String answer() {
    return answer;
  }
}
