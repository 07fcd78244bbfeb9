package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InputStream;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.NoHttpResponseException;
import org.apache.http.ProtocolVersion;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Sends a hop in the library's own way, once per attempt. */
final class HopCall implements BlockingCall<HttpResponse> {
  private static final int DRAIN_LIMIT = 64 * 1024;

  private final Wire wire;
  private final HopRequest hop;
  private final HopBody body;
  private final HttpContext context;
  private Header[] headers = new Header[0];
  private @Nullable Throwable lastNative;

  HopCall(Wire wire, HopRequest hop, HopBody body, HttpContext context) {
    this.wire = wire;
    this.hop = hop;
    this.body = body;
    this.context = context;
  }

  /** Whether the failure is the library's, rather than a bug of ours. */
  boolean isNative(Throwable failure) {
    return failure == lastNative || failure instanceof IOException;
  }

  @Override
  public HttpResponse send(Attempt attempt) throws IOException, HttpException {
    HttpRequest request = hop.request();
    headers = request.getAllHeaders();
    attempt.onTimeout(wire::abort);
    try {
      while (true) {
        body.prepare();
        Sending sending = Sending.start(context, attempt);
        try {
          return wire.send(attempt);
        } catch (IOException e) {
          // A pooled connection that the server had closed meanwhile: the library itself would try
          // the next one. Each turn uses one up, so this ends with a new connection.
          if (sending.fresh() || !stale(e) || !mayRepeat(e)) {
            throw e;
          }
          request.setHeaders(headers);
        }
      }
    } catch (Throwable t) {
      lastNative = t;
      request.setHeaders(headers);
      throw t;
    } finally {
      Sending.end(context);
    }
  }

  private static boolean stale(IOException e) {
    return e instanceof NoHttpResponseException || e instanceof java.net.SocketException;
  }

  private boolean mayRepeat(IOException failure) {
    return !wire.isAborted(failure) && hop.replayable() && (hop.idempotent() || !body.sent());
  }

  @Override
  public long patienceMillis() {
    return wire.waitMillis();
  }

  @Override
  public boolean cancelled() {
    return wire.isAborted();
  }

  @Override
  public int status(HttpResponse response) {
    return response.getStatusLine().getStatusCode();
  }

  @Override
  public @Nullable String protocolVersion(HttpResponse response) {
    return versionOf(response);
  }

  /** As the semantic conventions write it. */
  static @Nullable String versionOf(HttpResponse response) {
    ProtocolVersion version = response.getStatusLine().getProtocolVersion();
    if (version.getMajor() != 1) {
      return null;
    }
    return version.getMinor() == 1 ? "1.1" : version.getMinor() == 0 ? "1.0" : null;
  }

  @Override
  public @Nullable String header(HttpResponse response, String name) {
    Header first = response.getFirstHeader(name);
    return first == null ? null : first.getValue();
  }

  @Override
  public void discard(HttpResponse response) {
    boolean drained = false;
    try {
      drained = drain(response.getEntity());
    } catch (IOException e) {
      // The connection is closed below instead of reused.
    } finally {
      wire.close(response, drained);
      // The library's interceptors refuse to add a second time what they added.
      hop.request().setHeaders(headers);
    }
  }

  /** Whether the end was reached. */
  private static boolean drain(@Nullable HttpEntity entity) throws IOException {
    if (entity == null || !entity.isStreaming()) {
      return true;
    }
    if (entity.getContentLength() > DRAIN_LIMIT) {
      return false;
    }
    InputStream in = entity.getContent();
    byte[] sink = new byte[4096];
    int n = 0;
    for (int total = 0; total <= DRAIN_LIMIT && n >= 0; total += n) {
      n = in.read(sink);
    }
    return n < 0;
  }

  @Override
  public HttpResponse reply(LocalReply reply) throws IOException {
    IOException failure = LocalFailures.of(reply, hop.host());
    if (failure != null) {
      lastNative = failure;
      throw failure;
    }
    return wire.reply(reply);
  }

  @Override
  public HttpResponse editResponse(HttpResponse response, HeaderEdits edits) {
    new ResponseHeaders(response).edit(edits.response);
    return response;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    // A director's abort shows as a closed connection, which would look like one to be retried.
    if (wire.isAborted(failure)) {
      return FailureKind.CANCELLED;
    }
    if (failure instanceof ConnectionPoolTimeoutException) {
      return FailureKind.OTHER;
    }
    if (failure instanceof ConnectTimeoutException) {
      return FailureKind.CONNECT;
    }
    return failure instanceof NoHttpResponseException ? FailureKind.RESET : null;
  }
}
