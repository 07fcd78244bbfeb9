package dev.weft.instrumentation.reactornettyserver;

import dev.weft.bootstrap.Hooks;
import net.bytebuddy.asm.Advice;
import reactor.core.CoreSubscriber;

/**
 * On {@code ChannelOperations.disposeSubscriber}: what subscribes to the answer of a handler, while
 * the request is current.
 */
final class SubscriberAdvice {
  private SubscriberAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  @SuppressWarnings("unchecked")
  static void exit(
      @Advice.Origin Class<?> owner,
      @Advice.This Object operations,
      @Advice.Return(readOnly = false) CoreSubscriber<Void> result)
      throws Throwable {
    result =
        (CoreSubscriber<Void>)
            Hooks.find(owner, "dev.weft.instrumentation.reactornettyserver.SubscriberHook")
                .exit(null, operations, result, null);
  }
}
