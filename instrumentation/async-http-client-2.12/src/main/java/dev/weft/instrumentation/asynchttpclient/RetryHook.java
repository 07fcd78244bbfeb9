package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import org.jspecify.annotations.Nullable;

/** Keeps the library from sending a hop again that the driver decides on. */
public final class RetryHook extends MeshHook {
  /** For the hook loader. */
  public RetryHook(HookContext context) {
    super(context);
  }

  /**
   * @param future of a request that a filter may send again
   * @return an {@link Outcome} when none shall be asked
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object future, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return undecided(future) ? Outcome.returned(null) : null;
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    return undecided(self) ? (Object) false : result;
  }

  private static boolean undecided(@Nullable Object future) {
    Sent sent = Sent.of(future);
    return sent != null && sent.hop() != null;
  }
}
