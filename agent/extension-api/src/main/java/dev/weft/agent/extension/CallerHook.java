package dev.weft.agent.extension;

import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;

/**
 * The hook of {@link HookCall#around} on what a thread of a library does for others: while it does,
 * it works for whom they worked.
 */
public abstract class CallerHook extends MeshHook {
  /** For the subclass's constructor of the same shape. */
  protected CallerHook(HookContext context) {
    super(context);
  }

  /** For whom the thread is about to work; null for nobody that is known. */
  protected abstract @Nullable Caller caller(Object handed);

  /** What the thread worked for before; null when that does not change. */
  @Override
  public final @Nullable Object enter(
      @Nullable Object handed, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    Caller caller = handed == null ? null : caller(handed);
    return caller == null ? null : caller.attach();
  }

  /** Puts back what {@link #enter} answered. */
  @Override
  public final @Nullable Object exit(
      @Nullable Object before,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (before instanceof Caller) {
      ((Caller) before).attach();
    }
    return result;
  }
}
