package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.Target;
import dev.weft.instrumentation.nettyclient.HeadEdits;
import dev.weft.instrumentation.nettyclient.RequestTap;
import dev.weft.instrumentation.nettyclient.StaleConnections;
import dev.weft.policy.snapshot.HeaderEdits;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.asynchttpclient.netty.channel.Channels;
import org.jspecify.annotations.Nullable;

/** Sends a hop with the library's own sender and the application's future, once per attempt. */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes a Sending or the future
final class Hop implements AsyncCall<Answer> {
  private final HookContext mesh;
  private final Wire wire;
  private final HopRequest request;
  private final Sent sent;
  private final StaleConnections stale = new StaleConnections();

  /** Completed when this hears of the end. */
  private final CompletableFuture<@Nullable Void> listening = new CompletableFuture<>();

  private volatile @Nullable CompletableFuture<Answer> driven;
  private volatile @Nullable Sending sending;
  private volatile boolean cancelled;
  private volatile boolean delivered;
  private volatile boolean fresh;

  /** An attempt under way; completed with the head of its response. */
  private final class Sending extends CompletableFuture<Answer> {
    private final Attempt attempt;

    Sending(Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean ended = super.cancel(mayInterrupt);
      if (ended) {
        wire.close();
      }
      return ended;
    }

    /** Ends with the call, whose channel is the library's to give back or close. */
    void leave() {
      super.cancel(false);
    }
  }

  Hop(HookContext mesh, Wire wire, HopRequest request, Sent sent) {
    this.mesh = mesh;
    this.wire = wire;
    this.request = request;
    this.sent = sent;
  }

  HopRequest request() {
    return request;
  }

  void start(Target target) {
    sent.begin(this);
    wire.future().toCompletableFuture().whenComplete((answer, failure) -> over());
    Caller caller = sent.caller();
    if (caller == null) {
      drive(target);
    } else {
      caller.run(() -> drive(target));
    }
  }

  private void drive(Target target) {
    CompletableFuture<Answer> answer = mesh.dataPlane().async().execute(target, request, this);
    driven = answer;
    if (cancelled) {
      answer.cancel(true);
    }
    answer.whenComplete((end, failure) -> ApplicationThread.run(() -> conclude(end, failure)));
    listening.complete(null);
  }

  private void conclude(@Nullable Answer answer, @Nullable Throwable failure) {
    sent.over();
    if (answer == null) {
      Throwable cause = failure == null ? new IOException("no response") : failure;
      boolean known =
          cause instanceof IOException
              || cause instanceof TimeoutException
              || cause instanceof CancellationException;
      if (!known) {
        mesh.failed("call to " + request.authority(), cause);
      }
      wire.future().abort(known ? cause : Outcome.refusal(cause));
      return;
    }
    LocalReply reply = answer.reply();
    if (reply != null) {
      wire.answer(reply);
    } else {
      delivered = true;
      wire.answered();
    }
  }

  // ---- what the library tells

  /** A channel was made for the attempt under way. */
  void connected() {
    fresh = true;
  }

  /**
   * The call is over. Before the driver has decided: the application gave up, or a hook failed that
   * should have asked the driver.
   */
  private void over() {
    cancelled = true;
    Sending now = sending;
    if (now != null) {
      now.leave();
    }
    CompletableFuture<Answer> answer = driven;
    if (answer != null) {
      answer.cancel(true);
    }
  }

  /**
   * The head of a response has come.
   *
   * @return whether it is for the library to go on with
   */
  boolean answered(Channel channel, HttpResponse response) {
    Sending now = sending;
    if (response.status().code() == 100) {
      return true;
    }
    RequestTap tap = RequestTap.of(channel);
    if (tap != null) {
      tap.leave(request);
    }
    if (now == null || !now.complete(Answer.received(channel, response, now.attempt))) {
      Channels.silentlyCloseChannel(channel);
    }
    return delivered;
  }

  /**
   * Something failed.
   *
   * @return whether that is not the end of the call yet
   */
  boolean failed(Throwable failure) {
    Sending now = sending;
    if (cancelled || now == null) {
      return false;
    }
    wire.future().cancelTimeouts();
    if (!now.isDone()
        && stale.mayGoOn(now.attempt, request, fresh, failure instanceof IOException)) {
      send(now);
    } else {
      now.completeExceptionally(refusal(failure));
    }
    return true;
  }

  /** What the library makes of any failure to connect is a {@link ConnectException}. */
  private static Throwable refusal(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof ConnectException && cause instanceof SSLException ? cause : failure;
  }

  // ---- what the driver asks

  @Override
  public CompletionStage<Answer> send(Attempt attempt) {
    Sending now = new Sending(attempt);
    sending = now;
    return now;
  }

  /** Sent only now, and when this listens as well: see {@link AsyncCall#listening}. */
  @Override
  public void listening(CompletionStage<Answer> stage) {
    Sending now = (Sending) stage;
    listening.whenComplete((hears, never) -> ApplicationThread.run(() -> send(now)));
  }

  private void send(Sending now) {
    if (now.isDone()) {
      return; // its time ended while it waited, and the future is its successor's
    }
    fresh = false;
    sent.sends(now.attempt);
    try {
      wire.send(now.attempt, request);
    } catch (Throwable bug) {
      now.completeExceptionally(Outcome.refusal(bug));
    }
  }

  @Override
  public long patienceMillis() {
    return wire.patienceMillis();
  }

  @Override
  public int status(Answer answer) {
    return answer.status();
  }

  @Override
  public @Nullable String protocolVersion(Answer answer) {
    return "1.1";
  }

  @Override
  public @Nullable String header(Answer answer, String name) {
    HttpResponse response = answer.response();
    return response == null ? null : response.headers().get(name);
  }

  @Override
  public @Nullable CompletionStage<?> discard(Answer answer) {
    Channel channel = answer.channel();
    Attempt attempt = answer.attempt();
    if (channel == null || attempt == null) {
      return null;
    }
    wire.future().cancelTimeouts();
    wire.drain(channel, attempt, answer.drained());
    return answer.drained();
  }

  @Override
  public void abandon(Answer answer) {
    Channel channel = answer.channel();
    if (channel != null) {
      // Where its end is told, too: one that is given back already may be somebody else's.
      channel
          .eventLoop()
          .execute(
              () -> {
                if (!answer.drained().isDone()) {
                  Channels.silentlyCloseChannel(channel);
                }
              });
    }
  }

  @Override
  public Answer reply(LocalReply reply) throws IOException, TimeoutException {
    if (reply.kind() == ReplyKind.TIMEOUT) {
      throw new TimeoutException(reply.reason());
    }
    IOException failure = reply.failure("");
    if (failure != null) {
      throw failure;
    }
    return Answer.local(reply);
  }

  @Override
  public Answer editResponse(Answer answer, HeaderEdits edits) {
    HttpResponse response = answer.response();
    if (response != null) {
      HeadEdits.edit(response.headers(), edits.response);
    }
    return answer;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    if (cancelled) {
      return FailureKind.CANCELLED;
    }
    if (failure instanceof TimeoutException) {
      return FailureKind.TIMEOUT;
    }
    String name = failure.getClass().getSimpleName();
    return name.equals("RemotelyClosedException") || name.equals("ChannelClosedException")
        ? FailureKind.RESET
        : null;
  }
}
