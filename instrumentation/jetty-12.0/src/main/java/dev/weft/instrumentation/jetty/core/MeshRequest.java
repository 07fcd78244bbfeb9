package dev.weft.instrumentation.jetty.core;

import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.MeshHeaders;
import java.io.IOException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to the handlers: without the mesh's own headers, and with its exchange. As
 * any wrapper of Jetty 12, it is used by one thread at a time.
 */
final class MeshRequest extends Request.Wrapper {
  private static final String HTTPS = "https";

  private final Response response;
  private final Callback callback;
  private final boolean hidden;
  private final HttpURI uri;
  private HttpFields fields;
  private @Nullable InboundExchange exchange;
  private @Nullable BodyAhead ahead;

  MeshRequest(Request wrapped, Response response, Callback callback) {
    super(wrapped);
    this.response = response;
    this.callback = callback;
    this.fields = wrapped.getHeaders();
    // Jetty 12.0 asks what class the end point is of, not what it says.
    EndPoint endPoint = wrapped.getConnectionMetaData().getConnection().getEndPoint();
    HttpURI received = wrapped.getHttpURI();
    this.hidden = CoreTlsConnection.isHidden(endPoint) && HTTPS.equals(received.getScheme());
    this.uri = hidden ? HttpURI.build(received).scheme("http").asImmutable() : received;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }

  @Nullable InboundExchange exchange() {
    return exchange;
  }

  void keep(InboundExchange judged) {
    exchange = judged;
    addHttpStreamWrapper(stream -> new ConcludingStream(stream, judged));
  }

  /** As {@code RequestGate} wants it. */
  boolean strip() {
    boolean carries = false;
    boolean reserved = false;
    for (HttpField field : fields) {
      reserved |= MeshHeaders.isReserved(field.getName());
      carries |= MeshHeaders.isCarriedOn(field.getName());
    }
    if (reserved) {
      HttpFields.Mutable kept = HttpFields.build();
      for (HttpField field : fields) {
        if (!MeshHeaders.isReserved(field.getName())) {
          kept.add(field);
        }
      }
      fields = kept.asImmutable();
    }
    return carries;
  }

  /** Replaces a header; null takes it out. */
  void replace(String name, @Nullable String value) {
    HttpFields.Mutable changed = HttpFields.build(fields).remove(name);
    fields = (value == null ? changed : changed.add(name, value)).asImmutable();
  }

  /** As {@code InboundRequest} wants it. */
  byte[] peekBody(int most, long timeoutNanos) throws IOException {
    if (ahead == null) {
      ahead = new BodyAhead(getWrapped());
    }
    return ahead.peek(most, timeoutNanos);
  }

  @Override
  public Content.Chunk read() {
    Content.Chunk unread = ahead == null ? null : ahead.next();
    return unread == null ? super.read() : unread;
  }

  /** Not at once: whoever demands may do so again from within. */
  @Override
  public void demand(Runnable demanded) {
    if (ahead != null && ahead.hasNext()) {
      getContext().execute(demanded);
    } else {
      super.demand(demanded);
    }
  }

  @Override
  public void fail(Throwable failure) {
    if (ahead != null) {
      ahead.drop();
    }
    super.fail(failure);
  }

  /** As it would be in plaintext. */
  @Override
  public HttpURI getHttpURI() {
    return uri;
  }

  /** As it would be in plaintext. */
  @Override
  public boolean isSecure() {
    return !hidden && super.isSecure();
  }

  @Override
  public HttpFields getHeaders() {
    return fields;
  }
}
