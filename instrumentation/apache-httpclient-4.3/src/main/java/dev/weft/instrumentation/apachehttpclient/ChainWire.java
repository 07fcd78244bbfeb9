package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.net.URI;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.impl.execchain.MinimalClientExec;
import org.apache.http.impl.execchain.RequestAbortedException;
import org.apache.http.message.BasicHttpEntityEnclosingRequest;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** Sends by what stands below in the execution chain of {@code HttpClientBuilder}'s clients. */
final class ChainWire implements Wire {
  private final ClientExecChain below;
  private final HttpRequestWrapper request;
  private final HopRequest hop;
  private final HttpClientContext context;
  private final HttpRoute direct;
  private final Abortable abortable;

  ChainWire(
      ClientExecChain below,
      HttpRequestWrapper request,
      HopRequest hop,
      HttpClientContext context,
      HttpRoute route,
      @Nullable HttpExecutionAware aware) {
    this.below = below;
    this.request = request;
    this.hop = hop;
    this.context = context;
    // Past a proxy that the planner may have chosen: instances are called directly.
    this.direct = route.getHopCount() > 1 ? new HttpRoute(route.getTargetHost()) : route;
    this.abortable = new Abortable(aware);
  }

  @Override
  public HttpResponse send(Attempt attempt) throws IOException, HttpException {
    boolean minimal = below instanceof MinimalClientExec;
    if (minimal && !request.containsHeader("Host")) {
      request.addHeader("Host", hop.authority());
    }
    HttpRequestWrapper message = message();
    try {
      return below.execute(direct, message, context, abortable);
    } finally {
      if (message != request) {
        // What was sent, as for a request that is not rewritten.
        request.setHeaders(message.getAllHeaders());
      }
      if (minimal) {
        // It knows no host but its route's; the application shall see the one it called.
        context.setAttribute(HttpCoreContext.HTTP_TARGET_HOST, direct.getTargetHost());
        context.setAttribute(HttpClientContext.HTTP_ROUTE, direct);
      }
    }
  }

  /** What is below goes back to the request that its wrapper wraps for what to call. */
  private HttpRequestWrapper message() {
    URI other = hop.rewritten();
    if (other == null) {
      return request;
    }
    String method = request.getRequestLine().getMethod();
    String uri = hop.scheme() + "://" + hop.authority() + other;
    HttpRequest message;
    if (request instanceof HttpEntityEnclosingRequest) {
      BasicHttpEntityEnclosingRequest enclosing =
          new BasicHttpEntityEnclosingRequest(method, uri, request.getProtocolVersion());
      enclosing.setEntity(((HttpEntityEnclosingRequest) request).getEntity());
      message = enclosing;
    } else {
      message = new BasicHttpRequest(method, uri, request.getProtocolVersion());
    }
    message.setHeaders(request.getAllHeaders());
    return HttpRequestWrapper.wrap(message);
  }

  @Override
  public HttpResponse reply(LocalReply reply) {
    return new ClosableResponse(reply);
  }

  @Override
  public void close(HttpResponse response, boolean drained) {
    try {
      ((CloseableHttpResponse) response).close();
    } catch (IOException e) {
      // It was to be thrown away.
    }
  }

  @Override
  public void abort() {
    abortable.run();
  }

  @Override
  public long waitMillis() {
    return Math.max(0, context.getRequestConfig().getConnectionRequestTimeout());
  }

  @Override
  public boolean isAborted() {
    return abortable.isAborted();
  }

  @Override
  public boolean isAborted(Throwable failure) {
    return failure instanceof RequestAbortedException || abortable.isAborted();
  }
}
