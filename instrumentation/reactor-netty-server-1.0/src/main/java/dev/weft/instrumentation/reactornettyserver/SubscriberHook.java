package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.Caller;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.netty.http.server.HttpServerRequest;
import reactor.util.context.Context;

/**
 * Puts what the thread works for into Reactor's context, which has it wherever the answer of the
 * handler is made.
 */
public final class SubscriberHook extends MeshHook {
  /** Made by the agent, once per class loader of Reactor Netty. */
  public SubscriberHook(HookContext context) {
    super(context);
  }

  /**
   * @param operations a request and its answer, of a server or a client
   * @param subscriber what the library subscribes with
   * @return what it shall subscribe with
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object operations,
      @Nullable Object subscriber,
      @Nullable Throwable thrown) {
    Caller caller = operations instanceof HttpServerRequest ? Caller.capture() : null;
    return caller == null || subscriber == null
        ? subscriber
        : new Working<>((CoreSubscriber<?>) subscriber, caller);
  }

  /** The library's subscriber, with a caller in its context. */
  private static final class Working<T> implements CoreSubscriber<T> {
    private final CoreSubscriber<T> own;
    private final Caller caller;

    Working(CoreSubscriber<T> own, Caller caller) {
      this.own = own;
      this.caller = caller;
    }

    @Override
    public Context currentContext() {
      return own.currentContext().put(Caller.KEY, caller);
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      own.onSubscribe(subscription);
    }

    @Override
    public void onNext(T value) {
      own.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
      own.onError(failure);
    }

    @Override
    public void onComplete() {
      own.onComplete();
    }
  }
}
