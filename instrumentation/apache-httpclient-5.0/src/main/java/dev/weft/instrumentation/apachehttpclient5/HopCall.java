package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/** Sends a hop with the library's own chain, once per attempt. */
final class HopCall implements BlockingCall<ClassicHttpResponse> {
  private static final int DRAIN_LIMIT = 64 * 1024;

  private final Wire wire;
  private final HopRequest hop;
  private final HopMessage message;
  private final HttpClientContext context;
  private final Abortable abortable;
  private @Nullable Throwable lastNative;

  HopCall(
      Wire wire,
      HopRequest hop,
      HopMessage message,
      HttpClientContext context,
      Abortable abortable) {
    this.wire = wire;
    this.hop = hop;
    this.message = message;
    this.context = context;
    this.abortable = abortable;
  }

  /** Whether the failure is the library's, rather than a bug of ours. */
  boolean isNative(Throwable failure) {
    return failure == lastNative || failure instanceof IOException;
  }

  @Override
  public ClassicHttpResponse send(Attempt attempt) throws IOException, HttpException {
    attempt.onTimeout(abortable::cancel);
    try {
      while (true) {
        Sending sending = Sending.start(context, attempt, hop.host());
        abortable.begin();
        try {
          HopMessage once = HopMessage.copy(message, abortable);
          hop.sent(once);
          return wire.send(once, message, abortable);
        } catch (IOException e) {
          // A pooled connection that the server had closed meanwhile: the library itself would try
          // the next one. Each turn uses one up, so this ends with a new connection.
          if (sending.fresh() || attempt.expired() || !stale(e) || !mayRepeat()) {
            throw e;
          }
        }
      }
    } catch (Throwable t) {
      lastNative = t;
      throw t;
    } finally {
      Sending.end(context);
    }
  }

  private static boolean stale(IOException e) {
    return e instanceof NoHttpResponseException
        || e instanceof ConnectionClosedException
        || e instanceof SocketException;
  }

  private boolean mayRepeat() {
    return hop.idempotent() && hop.replayable() && !abortable.isCancelled();
  }

  @Override
  public long patienceMillis() {
    return Patience.millis(context);
  }

  @Override
  public boolean cancelled() {
    return abortable.isCancelled();
  }

  @Override
  public int status(ClassicHttpResponse response) {
    return response.getCode();
  }

  @Override
  public @Nullable String protocolVersion(ClassicHttpResponse response) {
    return Versions.of(response);
  }

  @Override
  public @Nullable String header(ClassicHttpResponse response, String name) {
    return new MessageHeaders(response).header(name);
  }

  @Override
  public void discard(ClassicHttpResponse response) {
    try {
      drain(response.getEntity());
    } catch (IOException e) {
      // The connection is closed below instead of reused.
    } finally {
      close(response);
    }
  }

  private static void drain(@Nullable HttpEntity entity) throws IOException {
    if (entity == null || !entity.isStreaming() || entity.getContentLength() > DRAIN_LIMIT) {
      return;
    }
    InputStream in = entity.getContent();
    byte[] sink = new byte[4096];
    for (int total = 0, n; total <= DRAIN_LIMIT && (n = in.read(sink)) >= 0; total += n) {}
  }

  private static void close(ClassicHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      // It was to be thrown away.
    }
  }

  @Override
  public ClassicHttpResponse reply(LocalReply reply) throws IOException {
    IOException failure = LocalFailures.of(reply, hop.host());
    if (failure != null) {
      lastNative = failure;
      throw failure;
    }
    return LocalResponse.of(reply);
  }

  @Override
  public ClassicHttpResponse editResponse(ClassicHttpResponse response, HeaderEdits edits) {
    new MessageHeaders(response).edit(edits.response);
    return response;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    return abortable.isCancelled() ? FailureKind.CANCELLED : LocalFailures.kind(failure);
  }
}
