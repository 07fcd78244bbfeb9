package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.CallDepth;
import net.bytebuddy.asm.Advice;

/**
 * {@code isValid}: what a driver executes for its own ends is no statement of the application, and
 * a pool whose checks were refused would throw its connections away.
 */
final class InternalAdvice {
  private InternalAdvice() {}

  @Advice.OnMethodEnter
  static void enter() {
    CallDepth.enter("dev.weft.jdbc");
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit() {
    CallDepth.leave("dev.weft.jdbc");
  }
}
