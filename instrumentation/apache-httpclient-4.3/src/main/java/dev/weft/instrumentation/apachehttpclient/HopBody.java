package dev.weft.instrumentation.apachehttpclient;

import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** The body of a hop, and whether it can be sent once more. */
final class HopBody {
  private static final int LIMIT = 64 * 1024;

  private final HttpClientContext context;
  private final @Nullable HttpEntityEnclosingRequest request;
  private final @Nullable HttpEntity entity;
  private final @Nullable ReplayEntity recorded;

  private HopBody(
      HttpClientContext context,
      @Nullable HttpEntityEnclosingRequest request,
      @Nullable HttpEntity entity,
      @Nullable ReplayEntity recorded) {
    this.context = context;
    this.request = request;
    this.entity = entity;
    this.recorded = recorded;
  }

  static HopBody of(HttpRequestWrapper request, HttpClientContext context) {
    if (!(request instanceof HttpEntityEnclosingRequest)) {
      return new HopBody(context, null, null, null);
    }
    HttpEntityEnclosingRequest enclosing = (HttpEntityEnclosingRequest) request;
    HttpEntity entity = enclosing.getEntity();
    ReplayEntity recorded =
        entity == null || entity.isRepeatable() ? null : new ReplayEntity(entity, LIMIT);
    return new HopBody(context, enclosing, entity, recorded);
  }

  /** Puts the body back into the request, before each attempt. */
  void prepare() {
    context.removeAttribute(HttpCoreContext.HTTP_REQ_SENT);
    if (request != null && entity != null) {
      request.setEntity(recorded == null ? entity : recorded);
    }
  }

  boolean replayable() {
    if (entity == null || !started()) {
      return true;
    }
    if (recorded != null) {
      return recorded.complete();
    }
    long length = entity.getContentLength();
    return length >= 0 && length <= LIMIT;
  }

  /** Whether the library has begun to write the request. */
  boolean started() {
    return context.getAttribute(HttpCoreContext.HTTP_REQ_SENT) != null;
  }
}
