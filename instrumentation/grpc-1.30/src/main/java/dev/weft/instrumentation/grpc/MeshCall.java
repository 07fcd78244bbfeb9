package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.Target;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call of the application into the mesh, made of calls of the library, one per attempt. As long
 * as there is no answer it keeps what the application did, under its own lock, which nobody else
 * wants but a retry; then the application talks to the answered attempt.
 */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes a Sending or tells the listener
final class MeshCall<Q, S> extends ClientCall<Q, S> {
  private final HookContext mesh;
  private final Channels channels;
  private final Channel channel;
  private final MethodDescriptor<Q, S> method;
  private final CallOptions options;
  private final Target target;
  private final Context context = Context.current();
  private final SentMessages<Q> sent;
  private final News news;

  private @SuppressWarnings("NullAway.Init") volatile Listener<S> listener;
  private @SuppressWarnings("NullAway.Init") volatile Attempts<Q, S> attempts;
  private volatile @Nullable CompletableFuture<Answer> driven;
  private volatile @Nullable ClientCall<Q, S> current;
  private volatile boolean answered;
  private volatile boolean cancelled;
  private volatile @Nullable Status refusal;
  private Metadata refusalTrailers = Entries.NONE;
  private Status cancelStatus = Status.CANCELLED;
  private @Nullable Waiting waiting;
  private volatile boolean over;

  MeshCall(
      HookContext mesh,
      Channels channels,
      Channel channel,
      MethodDescriptor<Q, S> method,
      CallOptions options,
      Target target) {
    this.mesh = mesh;
    this.channels = channels;
    this.channel = channel;
    this.news = new News(channels.executor(channel, options), context);
    this.method = method;
    this.options = options;
    this.target = target;
    this.sent = new SentMessages<>(method);
  }

  // ---- what the application asks

  @Override
  public void start(Listener<S> responseListener, Metadata headers) {
    listener = responseListener;
    String own = options.getAuthority();
    String authority = own == null ? channel.authority() : own;
    CallRequest request = new CallRequest(authority, method.getFullMethodName(), headers, sent);
    attempts = new Attempts<>(this, request, channel, method, options, context);
    Caller caller = Served.caller(context);
    if (caller == null) {
      drive(request);
    } else {
      caller.run(() -> drive(request));
    }
  }

  private void drive(CallRequest request) {
    CompletableFuture<Answer> answer = mesh.dataPlane().async().execute(target, request, attempts);
    driven = answer;
    if (cancelled) {
      answer.cancel(true);
    }
    answer.whenComplete((end, failure) -> ApplicationThread.run(() -> conclude(end, failure)));
    attempts.begin();
    if (current == null && !answer.isDone()) {
      watch();
    }
  }

  private void watch() {
    Waiting until = Waiting.of(this, context, options.getDeadline(), channels.scheduler(channel));
    synchronized (this) {
      waiting = until;
    }
    if (current != null || over) {
      until.over();
    }
  }

  @Override
  public void request(int messages) {
    act(() -> sent.requested(messages), call -> call.request(messages));
  }

  @Override
  public void sendMessage(Q message) {
    act(() -> sent.sent(message, current != null), call -> call.sendMessage(message));
  }

  @Override
  public void halfClose() {
    act(sent::ended, ClientCall::halfClose);
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    act(() -> sent.compress(enabled), call -> call.setMessageCompression(enabled));
  }

  /** Does something with the attempt there is; kept for the next while there is no answer. */
  private void act(Runnable keep, Consumer<ClientCall<Q, S>> what) {
    if (answered) {
      onCurrent(what);
    } else {
      synchronized (this) {
        keep.run();
        onCurrent(what);
      }
    }
  }

  private void onCurrent(Consumer<ClientCall<Q, S>> what) {
    ClientCall<Q, S> call = current;
    if (call != null) {
      what.accept(call);
    }
  }

  @Override
  public boolean isReady() {
    ClientCall<Q, S> call = current;
    return call != null && call.isReady();
  }

  @Override
  public Attributes getAttributes() {
    ClientCall<Q, S> call = current;
    return call == null ? Attributes.EMPTY : call.getAttributes();
  }

  @Override
  public void cancel(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<Q, S> call = current;
    if (answered && call != null) {
      call.cancel(message, cause);
    } else {
      giveUp(Status.CANCELLED.withDescription(message).withCause(cause), true);
    }
  }

  /** The application waits no longer; where not {@code anyway}, only if nothing was sent yet. */
  void giveUp(Status status, boolean anyway) {
    CompletableFuture<Answer> answer = driven;
    synchronized (this) {
      if (over || cancelled || (current != null && !anyway)) {
        return;
      }
      cancelled = true;
      cancelStatus = status;
    }
    if (answer != null) {
      answer.cancel(true);
    }
  }

  // ---- what ends the call

  private void conclude(@Nullable Answer answer, @Nullable Throwable failure) {
    if (cancelled && failure != null) {
      end(cancelStatus, new Metadata());
      return;
    }
    Answer end = answer == null ? Answer.failed(failure) : answer;
    Status status = end.status();
    if (status != null) {
      end(status, end.headers());
      return;
    }
    synchronized (this) {
      answered = true;
      sent.forget();
    }
    news.tell(attempts.last(), () -> listener.onHeaders(end.headers()));
  }

  /** Tells the application of the end; where an attempt still has to end, together with that. */
  private void end(Status status, Metadata trailers) {
    Sending<S> last = attempts.last();
    synchronized (this) {
      if (over) {
        return;
      }
      answered = true;
      sent.forget();
      endWaiting();
      if (last == null || !last.willEnd()) {
        over = true;
      } else {
        refusal = status;
        refusalTrailers = trailers;
      }
    }
    if (refusal == null || last == null) {
      news.tell(last, () -> listener.onClose(status, trailers));
    } else {
      last.end(cancelStatus.getDescription(), cancelStatus.getCause());
    }
  }

  /** The thread that told of an attempt tells the application, now that the driver has decided. */
  void tell() {
    news.tellDue();
  }

  /**
   * An attempt has ended.
   *
   * @return whether the application was told; if not, the driver decides what becomes of it
   */
  boolean closesWith(Sending<S> ended, Status status, Metadata trailers) {
    Status told = status;
    Metadata with = trailers;
    synchronized (this) { // as end() looks at both
      ended.ended();
      Status instead = refusal;
      boolean ours = attempts.last() == ended;
      if (!ours || !(answered || cancelled)) {
        return false;
      }
      if (over) {
        return true;
      }
      over = true;
      if (instead != null) {
        told = instead;
        with = refusalTrailers;
      }
    }
    listener.onClose(told, with);
    return true;
  }

  boolean isAnsweredBy(Sending<S> attempt) {
    return answered && attempts.last() == attempt && refusal == null;
  }

  boolean isOf(Sending<S> attempt) {
    return attempts.last() == attempt;
  }

  Listener<S> listener() {
    return listener;
  }

  /** The driver, or through it the application, gave an attempt up. */
  void cancelled(Sending<S> attempt) {
    attempt.end(cancelStatus.getDescription(), cancelStatus.getCause());
  }

  /** Sends an attempt, with all that the application has done so far. */
  void begin(Sending<S> now, ClientCall<Q, S> call, Metadata headers) {
    synchronized (this) {
      if (over || now.isDone()) {
        return;
      }
      current = call;
      endWaiting();
      call.start(now.listener(call), headers);
      sent.repeat(call);
    }
    if (now.isCancelled()) {
      cancelled(now);
    }
  }

  private void endWaiting() {
    if (waiting != null) {
      waiting.over();
    }
  }

  boolean isCancelled() {
    return cancelled;
  }
}
