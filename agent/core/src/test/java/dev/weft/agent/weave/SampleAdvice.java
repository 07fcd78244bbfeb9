package dev.weft.agent.weave;

import net.bytebuddy.asm.Advice;

/** Skips the method for arguments above 100, and negates the result of the others. */
final class SampleAdvice {
  private SampleAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.Argument(0) int value) {
    if (value == 13) {
      throw new IllegalStateException("injected");
    }
    return value <= 100;
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter boolean entered,
      @Advice.Return(readOnly = false) int result,
      @Advice.Thrown(readOnly = false) Throwable thrown) {
    if (!entered) {
      thrown = new IllegalStateException("refused");
    } else {
      result = -result;
    }
  }
}
