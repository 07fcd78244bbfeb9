package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.CallDepth;
import net.bytebuddy.asm.Advice;

/**
 * {@code isValid} and {@code cancel}: what a driver executes for its own ends is no statement of
 * the application. A pool whose checks were refused would throw its connections away, and a cancel
 * that were refused while every place is taken could free none.
 */
final class InternalAdvice {
  private InternalAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter() {
    CallDepth.enter("dev.weft.jdbc");
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit() {
    CallDepth.leave("dev.weft.jdbc");
  }
}
