package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.AsyncCall;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the driver asks of a call: makes a call of the library for each attempt. */
@SuppressWarnings("FutureReturnValueIgnored") // every end completes a Sending
final class Attempts<Q, S> implements AsyncCall<Answer> {
  private final MeshCall<Q, S> call;
  private final CallRequest request;
  private final Channel channel;
  private final MethodDescriptor<Q, S> method;
  private final CallOptions options;
  private final Context context;

  /** Completed when the call hears of the end: only then an attempt is sent. */
  private final CompletableFuture<@Nullable Void> listening = new CompletableFuture<>();

  private volatile @Nullable Sending<S> last;

  Attempts(
      MeshCall<Q, S> call,
      CallRequest request,
      Channel channel,
      MethodDescriptor<Q, S> method,
      CallOptions options,
      Context context) {
    this.call = call;
    this.request = request;
    this.channel = channel;
    this.method = method;
    this.options = options;
    this.context = context;
  }

  /** The attempt that was made last, null before the first. */
  @Nullable Sending<S> last() {
    return last;
  }

  /** Attempts may be sent. */
  void begin() {
    listening.complete(null);
  }

  @Override
  public CompletionStage<Answer> send(Attempt attempt) {
    Sending<S> now = new Sending<>(call, attempt);
    last = now;
    return now;
  }

  @Override
  @SuppressWarnings("unchecked") // what send returned
  public void listening(CompletionStage<Answer> stage) {
    Sending<S> now = (Sending<S>) stage;
    Metadata headers = request.headers();
    listening.whenComplete(
        (hears, never) -> ApplicationThread.run(() -> context.run(() -> begin(now, headers))));
  }

  private void begin(Sending<S> now, Metadata headers) {
    try {
      String name = request.otherMethod();
      String authority = request.otherAuthority();
      CallOptions asked = authority == null ? options : options.withAuthority(authority);
      MethodDescriptor<Q, S> sent =
          name == null ? method : method.toBuilder().setFullMethodName(name).build();
      call.begin(now, channel.newCall(sent, now.options(asked)), headers);
    } catch (Throwable failure) {
      now.completeExceptionally(failure);
    }
  }

  /** That of every answer of gRPC. */
  @Override
  public int status(Answer answer) {
    return 200;
  }

  @Override
  public String protocolVersion(Answer answer) {
    return "2";
  }

  @Override
  public @Nullable String header(Answer answer, String name) {
    return answer.header(name);
  }

  @Override
  public @Nullable CompletionStage<?> discard(Answer answer) {
    abandon(answer);
    return null;
  }

  @Override
  public void abandon(Answer answer) {
    Sending<?> received = answer.sending();
    if (received != null) {
      received.end(null, null);
    }
  }

  @Override
  public Answer reply(LocalReply reply) {
    return Answer.local(reply);
  }

  @Override
  public Answer editResponse(Answer answer, HeaderEdits edits) {
    edits.response.remove.forEach(name -> Entries.remove(answer.headers(), name));
    edits.response.set.forEach((name, value) -> Entries.set(answer.headers(), name, value));
    edits.response.add.forEach((name, value) -> Entries.add(answer.headers(), name, value));
    return answer;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    Sending<S> sent = last;
    if (call.isCancelled()) {
      return FailureKind.CANCELLED;
    }
    return sent == null || !(failure instanceof StatusRuntimeException)
        ? null
        : sent.kind(((StatusRuntimeException) failure).getStatus(), failure);
  }
}
