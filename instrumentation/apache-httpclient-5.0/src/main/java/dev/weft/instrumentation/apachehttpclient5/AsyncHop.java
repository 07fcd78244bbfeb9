package dev.weft.instrumentation.apachehttpclient5;

import java.util.HashMap;
import java.util.Iterator;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.auth.AuthExchange;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.protocol.BasicHttpContext;
import org.jspecify.annotations.Nullable;

/**
 * All of a hop that an attempt changes: the message, the body, the execution context, and what ends
 * it. For one attempt at a time; one beside it has its own.
 */
final class AsyncHop {
  /** Dead connections of a pool that one hop puts up with. */
  private static final int REPEATS = 20;

  private final HttpHost host;
  private final HttpRequest message;
  private final HopRequest request;
  private final @Nullable AsyncHopEntity body;
  private final HttpClientContext context;
  private final Abortable abortable;
  private int repeats;

  private AsyncHop(
      HttpHost host,
      HttpRequest message,
      @Nullable AsyncHopEntity body,
      HttpClientContext context,
      Abortable abortable) {
    this.host = host;
    this.message = message;
    this.request = HopRequest.of(message, host, body == null ? SentBody.NONE : body);
    this.body = body;
    this.context = context;
    this.abortable = abortable;
  }

  static AsyncHop of(
      AsyncExecChain.Scope scope, HttpRequest request, @Nullable AsyncEntityProducer producer) {
    return new AsyncHop(
        scope.route.getTargetHost(),
        copy(request),
        producer == null ? null : new AsyncHopEntity(producer),
        scope.clientContext,
        new Abortable(scope.cancellableDependency));
  }

  private static HttpRequest copy(HttpRequest original) {
    BasicHttpRequest copy = new BasicHttpRequest(original.getMethod(), original.getPath());
    copy.setVersion(original.getVersion());
    copy.setScheme(original.getScheme());
    copy.setAuthority(original.getAuthority());
    for (Iterator<Header> i = original.headerIterator(); i.hasNext(); ) {
      copy.addHeader(i.next());
    }
    return copy;
  }

  /** As the mesh sees it. */
  HopRequest request() {
    return request;
  }

  /** With the edits of the mesh; not to be changed by an attempt. */
  HttpRequest message() {
    return message;
  }

  @Nullable AsyncHopEntity body() {
    return body;
  }

  HttpClientContext context() {
    return context;
  }

  Abortable abortable() {
    return abortable;
  }

  /** Another attempt begins; returns the message of it, the library's to change. */
  HttpRequest begin() {
    abortable.begin();
    if (body != null) {
      body.releaseResources();
    }
    HttpRequest once = copy(message);
    request.sent(once);
    return once;
  }

  boolean bodyIsOut() {
    return body == null || body.ended();
  }

  /** No attempt follows one that failed. */
  void conclude() {
    if (body != null) {
      body.conclude();
    }
  }

  /** Whether an attempt may be made again that found a connection of the pool dead. */
  boolean mayRepeat(Exception cause) {
    // The latter, in later versions, when not a byte was written.
    boolean unsent = cause.getClass().getSimpleName().equals("RequestNotExecutedException");
    return (request.idempotent() || unsent)
        && request.replayable()
        && !abortable.isCancelled()
        && repeats++ < REPEATS;
  }

  /** Not where a login is under way: its steps follow one another. */
  boolean mayOverlap() {
    for (AuthExchange login : context.getAuthExchanges().values()) {
      if (login.getState() != AuthExchange.State.UNCHALLENGED || login.getAuthScheme() != null) {
        return false;
      }
    }
    return true;
  }

  /** The same for an attempt beside one under way; null when its body is not known whole by now. */
  @Nullable AsyncHop beside() {
    AsyncHopEntity again = body == null ? null : body.beside();
    if (body != null && again == null) {
      return null;
    }
    return new AsyncHop(host, copy(message), again, beside(context), abortable.beside());
  }

  /** What the application set, and nothing of what an attempt writes down for itself. */
  private static HttpClientContext beside(HttpClientContext original) {
    HttpClientContext copy = new HttpClientContext(new BasicHttpContext(original));
    copy.setAttribute(HttpClientContext.AUTH_EXCHANGE_MAP, new HashMap<>());
    // Attributes in earlier versions, and found through the original; fields in later ones.
    copy.setAuthCache(original.getAuthCache());
    copy.setAuthSchemeRegistry(original.getAuthSchemeRegistry());
    copy.setCookieSpecRegistry(original.getCookieSpecRegistry());
    copy.setCookieStore(original.getCookieStore());
    copy.setCredentialsProvider(original.getCredentialsProvider());
    copy.setRequestConfig(original.getRequestConfig());
    copy.setUserToken(original.getUserToken());
    return copy;
  }
}
