package dev.weft.instrumentation.apachehttpclient;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.http.HttpException;
import org.apache.http.HttpResponse;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.util.EntityUtils;

/** Tells an exchange what is in memory of a response, as a connection would. */
final class LocalContent implements ContentDecoder, IOControl {
  private final HttpAsyncClientExchangeHandler exchange;
  private final ByteBuffer body;
  private boolean untold;
  private boolean suspended;
  private boolean telling;

  private LocalContent(HttpAsyncClientExchangeHandler exchange, byte[] body, boolean untold) {
    this.exchange = exchange;
    this.body = ByteBuffer.wrap(body);
    this.untold = untold;
  }

  /** Tells a response that the mesh gives itself. */
  static void tell(HttpAsyncClientExchangeHandler exchange, HttpResponse response)
      throws IOException, HttpException {
    byte[] body =
        response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
    boolean entity = response.getEntity() != null;
    exchange.responseReceived(response);
    finish(exchange, body, entity);
  }

  /**
   * Tells the rest of a response, and its end.
   *
   * @param untold whether the exchange was not told that the body ended, if only an empty one
   */
  static void finish(HttpAsyncClientExchangeHandler exchange, byte[] rest, boolean untold) {
    new LocalContent(exchange, rest, untold).tell();
  }

  private void tell() {
    try {
      telling = true;
      while (!suspended && (untold || !isCompleted())) {
        untold = false;
        exchange.consumeContent(this, this);
      }
      telling = false;
      if (isCompleted()) {
        exchange.responseCompleted();
      }
    } catch (IOException | HttpException | RuntimeException e) {
      exchange.failed(e);
    }
  }

  @Override
  public int read(ByteBuffer to) {
    if (!body.hasRemaining()) {
      return -1;
    }
    int count = Math.min(body.remaining(), to.remaining());
    ByteBuffer part = body.slice();
    part.limit(count);
    to.put(part);
    body.position(body.position() + count);
    return count;
  }

  @Override
  public boolean isCompleted() {
    return !body.hasRemaining();
  }

  @Override
  public void requestInput() {
    suspended = false;
    if (!telling && !isCompleted()) {
      tell();
    }
  }

  @Override
  public void suspendInput() {
    suspended = true;
  }

  @Override
  public void requestOutput() {}

  @Override
  public void suspendOutput() {}

  @Override
  public void shutdown() {}
}
