package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpRequest;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** The body of a hop, and whether it can be sent once more. */
final class HopBody implements SentBody {
  /** Where {@code HttpRequestExecutor} notes that it wrote, in all versions. */
  private static final String REQUEST_SENT = "http.request_sent";

  private final HttpContext context;
  private final @Nullable HttpEntityEnclosingRequest request;
  private final @Nullable HttpEntity entity;
  private final @Nullable ReplayEntity recorded;

  private HopBody(
      HttpContext context,
      @Nullable HttpEntityEnclosingRequest request,
      @Nullable HttpEntity entity,
      @Nullable ReplayEntity recorded) {
    this.context = context;
    this.request = request;
    this.entity = entity;
    this.recorded = recorded;
  }

  static HopBody of(HttpRequest request, HttpContext context) {
    if (!(request instanceof HttpEntityEnclosingRequest)) {
      return new HopBody(context, null, null, null);
    }
    HttpEntityEnclosingRequest enclosing = (HttpEntityEnclosingRequest) request;
    HttpEntity entity = enclosing.getEntity();
    ReplayEntity recorded =
        entity == null || entity.isRepeatable() ? null : new ReplayEntity(entity);
    return new HopBody(context, enclosing, entity, recorded);
  }

  /** Puts the body back into the request, before each attempt. */
  void prepare() {
    context.removeAttribute(REQUEST_SENT);
    if (request != null && entity != null) {
      request.setEntity(recorded == null ? entity : recorded);
    }
  }

  @Override
  public byte @Nullable [] whole() {
    if (entity == null) {
      return new byte[0];
    }
    if (recorded != null) {
      return recorded.whole();
    }
    long length = entity.getContentLength();
    if (!started() || length < 0 || length > ReplayBuffer.LIMIT) {
      return null;
    }
    try {
      ByteArrayOutputStream copy = new ByteArrayOutputStream((int) length);
      entity.writeTo(copy);
      return copy.toByteArray();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public boolean replayable() {
    if (entity == null || !started()) {
      return true;
    }
    if (recorded != null) {
      return recorded.complete();
    }
    long length = entity.getContentLength();
    return length >= 0 && length <= ReplayBuffer.LIMIT;
  }

  /** Whether the library has written the request, as far as it knows. */
  boolean sent() {
    return Boolean.TRUE.equals(context.getAttribute(REQUEST_SENT));
  }

  /** Whether the library has begun to write the request. */
  boolean started() {
    return context.getAttribute(REQUEST_SENT) != null;
  }
}
