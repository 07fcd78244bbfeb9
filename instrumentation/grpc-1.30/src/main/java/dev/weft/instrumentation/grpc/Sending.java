package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.FailureClassifier;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.dataplane.outbound.NetworkFailureClassifier;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt: a call of the library to the instance of the attempt. Completed with the headers of
 * its answer, or with its end; what comes after is told to the application's listener as it is.
 */
final class Sending<S> extends CompletableFuture<Answer> {
  /** Marks the library's calls that are attempts. */
  static final CallOptions.Key<Sending<?>> KEY = CallOptions.Key.create("attempt");

  private static final FailureClassifier NETWORK = new NetworkFailureClassifier();

  private final MeshCall<?, S> call;
  private final Attempt attempt;
  private volatile @Nullable Instance instance;
  private volatile @Nullable ClientCall<?, S> below;
  private volatile boolean written;
  private volatile boolean ended;
  private volatile boolean answered;
  private volatile @Nullable Thread telling;

  Sending(MeshCall<?, S> call, Attempt attempt) {
    this.call = call;
    this.attempt = attempt;
  }

  Attempt attempt() {
    return attempt;
  }

  /** The connection that the mesh chose, null before that. */
  @Nullable Instance instance() {
    return instance;
  }

  void use(Instance chosen) {
    instance = chosen;
  }

  /**
   * The library is about to make a stream. It makes another one where the server did not process
   * the first, or where the application's own service config says that the call may be repeated:
   * the last one counts (docs/adr/0330).
   */
  void streams() {
    written = false;
    answered = false;
  }

  /** The options of the library's call. */
  CallOptions options(CallOptions asked) {
    return asked
        .withOption(KEY, this)
        .withStreamTracerFactory(new Tracers())
        .withCallCredentials(new Guard(this, asked.getCredentials()));
  }

  /** What the library's call tells. */
  ClientCall.Listener<S> listener(ClientCall<?, S> started) {
    below = started;
    return new Events();
  }

  /** Ends the library's call; its end is told by its listener. */
  void end(@Nullable String message, @Nullable Throwable cause) {
    ClientCall<?, S> started = below;
    if (started != null && !ended) {
      started.cancel(message == null && cause == null ? "given up by the mesh" : message, cause);
    }
  }

  /** The library's call told of its end. */
  void ended() {
    ended = true;
  }

  /** Whether the listener of the library's call will tell of an end. */
  boolean willEnd() {
    return below != null && !ended;
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    if (cancelled) {
      call.cancelled(this);
    }
    return cancelled;
  }

  /** What an end means that the server did not tell. */
  FailureKind kind(Status status, Throwable failure) {
    Instance chosen = instance;
    switch (status.getCode()) {
      case CANCELLED:
        return FailureKind.CANCELLED;
      case DEADLINE_EXCEEDED:
        return FailureKind.TIMEOUT;
      case UNAVAILABLE:
        if (chosen == null) {
          return FailureKind.OTHER; // the channel's own doing, such as its end
        }
        if (written) {
          return FailureKind.RESET;
        }
        return chosen.isFailed() ? unconnected(failure) : FailureKind.REFUSED_STREAM;
      case INTERNAL:
        return written ? FailureKind.RESET : FailureKind.OTHER;
      default:
        return FailureKind.OTHER;
    }
  }

  private static FailureKind unconnected(Throwable failure) {
    boolean refused = NETWORK.classify(failure) == FailureKind.IDENTITY_REFUSED;
    return refused ? FailureKind.IDENTITY_REFUSED : FailureKind.CONNECT;
  }

  /** Whether this thread tells of the attempt, where the application hears. */
  boolean isTelling() {
    return telling == Thread.currentThread();
  }

  /** What the library tells, which the driver decides on before this returns. */
  private final class Events extends ClientCall.Listener<S> {
    @Override
    public void onHeaders(Metadata headers) {
      telling = Thread.currentThread();
      complete(new Answer(Sending.this, null, headers));
      telling = null;
      call.tell();
      if (!call.isAnsweredBy(Sending.this)) {
        end(null, null);
      }
    }

    @Override
    public void onMessage(S message) {
      if (call.isAnsweredBy(Sending.this)) {
        call.listener().onMessage(message);
      }
    }

    @Override
    public void onReady() {
      if (call.isOf(Sending.this)) {
        call.listener().onReady();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (call.closesWith(Sending.this, status, trailers)) {
        return;
      }
      telling = Thread.currentThread();
      if (answered) {
        complete(new Answer(Sending.this, status, trailers));
      } else {
        completeExceptionally(new StatusRuntimeException(status, trailers));
      }
      telling = null;
      call.tell();
    }
  }

  /** Tells what was on the wire, of each stream that the library makes for the call. */
  private final class Tracers extends ClientStreamTracer.Factory {
    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          written = true;
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
          answered = true;
        }
      };
    }
  }
}
