package dev.weft.instrumentation.nettyclient;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.OutboundRequest;
import dev.weft.dataplane.outbound.ReplayBuffer;
import dev.weft.policy.snapshot.HeaderEdits;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of which the mesh decides before the library has written it: what is known of its head
 * then, what policy wants changed in it, and, once it is on the wire, how to send it again. Edits
 * come before a channel is handed over, the rest is for the channel's event loop; whether it can be
 * sent again is asked from any thread.
 */
public abstract class HeadEdits implements OutboundRequest {
  private static final byte[] NOTHING = new byte[0];

  private final HttpHeaders known;
  private final List<Edit> edits = new ArrayList<>(2);
  private @Nullable HttpHeaders edited;
  private @Nullable String otherPath;
  private volatile @Nullable HttpHeaders written;
  private volatile @Nullable ReplayBuffer body;

  /**
   * A request that is about to be sent.
   *
   * @param known its headers as far as they are known; not changed
   */
  protected HeadEdits(HttpHeaders known) {
    this.known = known;
  }

  /** One change of the head. */
  private interface Edit {
    void apply(HttpHeaders headers);
  }

  @Override
  public final @Nullable String header(String name) {
    HttpHeaders now = edited;
    String value = now == null ? known.get(name) : now.get(name);
    return value == null && name.equalsIgnoreCase("host") ? authority() : value;
  }

  @Override
  public final void setHeader(String name, String value) {
    edit(headers -> headers.set(name, value));
  }

  @Override
  public final void addHeader(String name, String value) {
    edit(headers -> headers.add(name, value));
  }

  @Override
  public final void removeHeader(String name) {
    edit(headers -> headers.remove(name));
  }

  @Override
  public final boolean rewritePath(String pathAndQuery) {
    otherPath = pathAndQuery;
    return true;
  }

  @Override
  public final boolean rewriteAuthority(String authority) {
    setHeader("host", authority);
    return true;
  }

  @Override
  public final byte @Nullable [] copyTo(HeaderEditor copy) {
    HttpHeaders sent = written;
    byte[] whole = replay();
    if (sent == null || whole == null) {
      return null;
    }
    HttpHeaders headers = sent.copy();
    for (Edit edit : edits) {
      edit.apply(headers);
    }
    for (Map.Entry<String, String> header : headers) {
      copy.addHeader(header.getKey(), header.getValue());
    }
    return whole;
  }

  /**
   * Says which headers the library is going to set by itself: they are seen, not written. Before
   * any edit.
   */
  public final void expect(Map<String, List<String>> coming) {
    HttpHeaders now = known.copy();
    coming.forEach((name, values) -> now.set(name, values));
    edited = now;
  }

  private void edit(Edit edit) {
    HttpHeaders now = edited;
    if (now == null) {
      now = known.copy();
      edited = now;
    }
    edit.apply(now);
    edits.add(edit);
  }

  /** Does to the head of a response what policy wants. */
  public static void edit(HttpHeaders headers, HeaderEdits.Edits edits) {
    edits.remove.forEach(headers::remove);
    edits.set.forEach(headers::set);
    edits.add.forEach(headers::add);
  }

  /** The head of an answer that the mesh gives itself. */
  public static HttpResponse head(LocalReply reply) {
    HttpResponse head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
    for (Map.Entry<String, List<String>> header : reply.headers().entrySet()) {
      head.headers().set(header.getKey(), header.getValue());
    }
    head.headers().set("content-length", Integer.toString(reply.length()));
    return head;
  }

  /** Whether nothing of it was written yet, or all of it can be written again. */
  @Override
  public boolean replayable() {
    return written == null || replay() != null;
  }

  /** The headers as the library wrote them first, null before that. */
  public final @Nullable HttpHeaders written() {
    return written;
  }

  /** The whole body as it was written, null when it was not, or is too big. */
  public final byte @Nullable [] replay() {
    ReplayBuffer buffer = body;
    return buffer == null ? null : buffer.whole();
  }

  /** The head to write in the place of the library's, which stays as it is. */
  final HttpRequest written(HttpRequest head) {
    if (written == null) {
      written = head.headers();
    }
    body = replay() == null ? new ReplayBuffer() : body;
    String path = otherPath;
    if (edits.isEmpty() && path == null) {
      return head;
    }
    String uri = path == null ? head.uri() : path;
    HttpHeaders headers = head.headers().copy();
    for (Edit edit : edits) {
      edit.apply(headers);
    }
    return head instanceof FullHttpRequest
        ? new DefaultFullHttpRequest(
            head.protocolVersion(),
            head.method(),
            uri,
            ((FullHttpRequest) head).content(),
            headers,
            ((FullHttpRequest) head).trailingHeaders())
        : new DefaultHttpRequest(head.protocolVersion(), head.method(), uri, headers);
  }

  final void remember(ByteBuf content) {
    ReplayBuffer buffer = body;
    if (buffer == null || buffer.whole() != null) {
      return;
    }
    int count = content.readableBytes();
    byte[] bytes = count > ReplayBuffer.LIMIT ? NOTHING : new byte[count];
    if (count <= ReplayBuffer.LIMIT) {
      content.getBytes(content.readerIndex(), bytes);
    }
    buffer.remember(bytes, 0, count);
  }

  /** Bytes went out that nobody could look at. */
  final void rememberNothing() {
    ReplayBuffer buffer = body;
    if (buffer != null && buffer.whole() == null) {
      buffer.remember(NOTHING, 0, ReplayBuffer.LIMIT + 1);
    }
  }

  final void bodyEnded() {
    ReplayBuffer buffer = body;
    if (buffer != null && buffer.whole() == null) {
      buffer.end();
    }
  }
}
