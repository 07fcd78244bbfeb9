package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpException;
import org.apache.http.NoHttpResponseException;
import org.apache.http.ProtocolVersion;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.impl.execchain.MinimalClientExec;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.apache.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** Sends a hop with the library's own chain, once per attempt. */
final class HopCall implements BlockingCall<CloseableHttpResponse> {
  private static final int DRAIN_LIMIT = 64 * 1024;

  private final ClientExecChain below;
  private final HopRequest hop;
  private final HttpClientContext context;
  private final Abortable abortable;
  private final HttpRoute direct;
  private Header[] headers = new Header[0];
  private @Nullable Throwable lastNative;

  HopCall(
      ClientExecChain below,
      HopRequest hop,
      HttpClientContext context,
      @Nullable HttpExecutionAware aware,
      HttpRoute route) {
    this.below = below;
    this.hop = hop;
    this.context = context;
    this.abortable = new Abortable(aware);
    // Past a proxy that the planner may have chosen: instances are called directly.
    this.direct = route.getHopCount() > 1 ? new HttpRoute(route.getTargetHost()) : route;
  }

  /** Whether the failure is the library's, rather than a bug of ours. */
  boolean isNative(Throwable failure) {
    return failure == lastNative || failure instanceof IOException;
  }

  @Override
  public CloseableHttpResponse send(Attempt attempt) throws IOException, HttpException {
    HttpRequestWrapper request = hop.request();
    headers = request.getAllHeaders();
    if (below instanceof MinimalClientExec && !request.containsHeader("Host")) {
      request.addHeader("Host", hop.authority());
    }
    attempt.onTimeout(abortable);
    try {
      while (true) {
        hop.body().prepare();
        Sending sending = Sending.start(context, attempt);
        try {
          return below.execute(direct, request, context, abortable);
        } catch (IOException e) {
          // A pooled connection that the server had closed meanwhile: the library itself would try
          // the next one. Each turn uses one up, so this ends with a new connection.
          if (sending.fresh() || !stale(e) || !mayRepeat()) {
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
      if (below instanceof MinimalClientExec) {
        // It knows no host but its route's; the application shall see the one it called.
        context.setAttribute(HttpCoreContext.HTTP_TARGET_HOST, hop.host());
        context.setAttribute(HttpClientContext.HTTP_ROUTE, direct);
      }
    }
  }

  private static boolean stale(IOException e) {
    return e instanceof NoHttpResponseException || e instanceof java.net.SocketException;
  }

  private boolean mayRepeat() {
    String method = hop.method();
    boolean safe =
        method.equals("GET")
            || method.equals("HEAD")
            || method.equals("OPTIONS")
            || method.equals("PUT")
            || method.equals("DELETE")
            || method.equals("TRACE");
    return !abortable.isAborted() && hop.replayable() && (safe || !context.isRequestSent());
  }

  @Override
  public int status(CloseableHttpResponse response) {
    return response.getStatusLine().getStatusCode();
  }

  @Override
  public @Nullable String protocolVersion(CloseableHttpResponse response) {
    ProtocolVersion version = response.getStatusLine().getProtocolVersion();
    if (version.getMajor() != 1) {
      return null;
    }
    return version.getMinor() == 1 ? "1.1" : version.getMinor() == 0 ? "1.0" : null;
  }

  @Override
  public @Nullable String header(CloseableHttpResponse response, String name) {
    Header first = response.getFirstHeader(name);
    return first == null ? null : first.getValue();
  }

  @Override
  public void discard(CloseableHttpResponse response) {
    try {
      drain(response.getEntity());
    } catch (IOException e) {
      // The connection is closed below instead of reused.
    } finally {
      close(response);
      // The library's interceptors refuse to add a second time what they added.
      hop.request().setHeaders(headers);
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

  private static void close(CloseableHttpResponse response) {
    try {
      response.close();
    } catch (IOException e) {
      // It was to be thrown away.
    }
  }

  @Override
  public CloseableHttpResponse reply(LocalReply reply) throws IOException {
    IOException failure = LocalFailures.of(reply, hop.host());
    if (failure != null) {
      lastNative = failure;
      throw failure;
    }
    return LocalResponse.of(reply);
  }

  @Override
  public CloseableHttpResponse editResponse(CloseableHttpResponse response, HeaderEdits edits) {
    for (String name : edits.response.remove) {
      response.removeHeaders(name);
    }
    for (Map.Entry<String, String> e : edits.response.set.entrySet()) {
      response.removeHeaders(e.getKey());
      response.addHeader(e.getKey(), e.getValue());
    }
    for (Map.Entry<String, String> e : edits.response.add.entrySet()) {
      response.addHeader(e.getKey(), e.getValue());
    }
    return response;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    if (failure instanceof RequestAbortedException) {
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
