package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.util.List;
import okhttp3.Interceptor;
import okhttp3.Protocol;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** Sends a hop with the library's own chain, once per attempt. */
final class HopCall implements BlockingCall<Response> {
  private final HopRequest hop;
  private final Interceptor.Chain chain;
  private final List<?> interceptors;
  private final int index;
  private final Internals internals;
  private final Interceptor followUp;
  private final TransportSecurity transport;
  private volatile @Nullable Sending current;
  private @Nullable Throwable lastNative;

  HopCall(
      HopRequest hop,
      Interceptor.Chain chain,
      List<?> interceptors,
      int index,
      Internals internals,
      TransportSecurity transport) {
    this.hop = hop;
    this.chain = chain;
    this.interceptors = interceptors;
    this.index = index;
    this.internals = internals;
    this.followUp = internals.followingUp(interceptors);
    this.transport = transport;
  }

  /** Whether the failure is the library's, rather than a bug of ours. */
  boolean isNative(Throwable failure) {
    return failure == lastNative || failure instanceof IOException;
  }

  @Override
  public Response send(Attempt attempt) throws IOException {
    attempt.onTimeout(this::abort);
    try {
      while (true) {
        Sending sending =
            new Sending(chain, interceptors, index, hop.message(), attempt, transport);
        try {
          return send(sending);
        } catch (IOException e) {
          // A pooled connection that the server had closed meanwhile: the library itself would try
          // the next one. Each turn uses one up, so this ends with a new connection.
          if (!sending.pooled() || attempt.expired() || !stale(e) || !mayRepeat()) {
            throw e;
          }
        }
      }
    } catch (Throwable t) {
      lastNative = t;
      throw t;
    }
  }

  private Response send(Sending sending) throws IOException {
    current = sending;
    Sending before = sending.enter();
    try {
      return followUp.intercept(chain);
    } finally {
      sending.leave(before);
      current = null;
    }
  }

  private void abort() {
    Sending sending = current;
    if (sending != null) {
      sending.abort();
    }
  }

  private static boolean stale(IOException e) {
    return !(e instanceof InterruptedIOException) && !(e instanceof ProtocolException);
  }

  private boolean mayRepeat() {
    return hop.idempotent() && hop.replayable() && !internals.isCanceled(chain, followUp);
  }

  /** To the application a wait in the mesh is one for the answer, as behind a sidecar. */
  @Override
  public long patienceMillis() {
    return internals.readTimeoutMillis(chain, followUp);
  }

  @Override
  public boolean cancelled() {
    return internals.isCanceled(chain, followUp);
  }

  @Override
  public int status(Response response) {
    return response.code();
  }

  @Override
  public @Nullable String protocolVersion(Response response) {
    Protocol protocol = response.protocol();
    if (protocol == Protocol.HTTP_1_1) {
      return "1.1";
    }
    return protocol == Protocol.HTTP_1_0 ? "1.0" : "2";
  }

  @Override
  public @Nullable String header(Response response, String name) {
    return response.header(name);
  }

  /** The library reads for 100 ms, then it closes the connection. */
  @Override
  public void discard(Response response) {
    ResponseBody body = response.body();
    if (body != null) {
      body.close();
    }
  }

  @Override
  public Response reply(LocalReply reply) throws IOException {
    IOException failure = reply.failure(hop.original().url().host());
    if (failure != null) {
      lastNative = failure;
      throw failure;
    }
    return LocalResponse.of(reply, hop.original());
  }

  @Override
  public Response editResponse(Response response, HeaderEdits edits) {
    HopHeaders headers = new HopHeaders(response.headers());
    headers.edit(edits.response);
    return headers.edited() ? response.newBuilder().headers(headers.headers()).build() : response;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    return internals.isCanceled(chain, followUp) ? FailureKind.CANCELLED : null;
  }
}
