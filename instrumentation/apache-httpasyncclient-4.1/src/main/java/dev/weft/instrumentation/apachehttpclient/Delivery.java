package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Outcome;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.apache.http.HttpException;
import org.apache.http.HttpResponse;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.jspecify.annotations.Nullable;

/**
 * A response on its way to an exchange, as a connection would tell it: the head once the exchange
 * shall have it, what was kept of the body until then, the rest as it arrives, the end.
 * Thread-safe; the exchange is code of the application, and is told without a lock.
 */
final class Delivery extends PausableInput {
  private static final int LIMIT = 64 * 1024;

  private final HttpAsyncClientExchangeHandler exchange;
  private final HttpResponse head;
  private final Executor caller;
  private final Runnable abort;

  // Of the thread that tells, or keeps what arrived.
  private final EarlyContent early = new EarlyContent();
  private boolean headTold;
  private boolean contentTold;

  // Guarded by this.
  private Fate fate = Fate.OPEN;
  private boolean ended;
  private boolean over;
  private @Nullable Exception failure;

  private enum Fate {
    OPEN,
    DELIVERED,
    DISCARDED
  }

  /**
   * A response of which the head is here.
   *
   * @param caller runs what the exchange goes on with after the response, at once
   * @param abort ends what the response comes from; called when the exchange fails to take it
   */
  Delivery(
      HttpAsyncClientExchangeHandler exchange, HttpResponse head, Executor caller, Runnable abort) {
    this.exchange = exchange;
    this.head = head;
    this.caller = caller;
    this.abort = abort;
  }

  HttpResponse head() {
    return head;
  }

  // ---- what is decided

  /** The exchange gets this response. */
  void deliver() {
    synchronized (this) {
      fate = Fate.DELIVERED;
    }
    tellNews();
  }

  /** Nobody reads this response. */
  synchronized void discard() {
    fate = Fate.DISCARDED;
    resume();
  }

  /** The exchange shall hear nothing any more. */
  synchronized void stop() {
    over = true;
    disconnect();
  }

  @Override
  boolean isDecided() {
    return fate != Fate.OPEN;
  }

  @Override
  boolean isDelivered() {
    return fate == Fate.DELIVERED;
  }

  // ---- what the connection tells

  /**
   * Content has arrived.
   *
   * @throws IOException when it cannot be read, or nobody reads it and it is too much
   */
  void content(ContentDecoder decoder, IOControl control) throws IOException {
    Fate known;
    synchronized (this) {
      connect(control);
      if (!mayTell()) {
        hold();
        return;
      }
      known = fate;
    }
    try {
      if (known == Fate.DELIVERED) {
        tell(decoder);
      } else {
        keep(decoder, known);
      }
    } finally {
      settle();
    }
  }

  private void keep(ContentDecoder decoder, Fate known) throws IOException {
    if (early.keep(decoder) > LIMIT) {
      if (known == Fate.DISCARDED) {
        throw new IOException("too much of a response that nobody reads");
      }
      hold();
    }
  }

  /** All of the body is here, of a response that the mesh gives itself. */
  void ended(byte[] body) {
    early.keep(body);
    ended();
  }

  /** The connection had no more, and is given back. */
  void ended() {
    early.end();
    synchronized (this) {
      ended = true;
      disconnect();
    }
    tellNews();
  }

  /** No more comes. The exchange hears of it when it was to have the response. */
  void failed(Exception cause) {
    synchronized (this) {
      failure = cause;
      disconnect();
    }
    tellNews();
  }

  // ---- what the exchange is told

  @Override
  void tell() {
    tell(null);
  }

  private void tell(@Nullable ContentDecoder arrived) {
    try {
      Exception broken = brokenOff();
      if (broken != null) {
        caller.execute(() -> exchange.failed(broken));
        return;
      }
      if (isOver()) {
        return;
      }
      if (!headTold) {
        headTold = true;
        exchange.responseReceived(head);
      }
      while (early.hasMore() && wantsMore()) {
        told(early);
      }
      if (arrived != null) {
        if (!early.hasMore() && wantsMore()) {
          told(arrived);
        } else {
          hold();
        }
      }
      if (!early.hasMore() && isLast()) {
        caller.execute(this::end);
      }
    } catch (Exception e) {
      refused(e);
    } catch (Error e) {
      refused(Outcome.refusal(e));
      throw e;
    }
  }

  private void told(ContentDecoder content) throws IOException {
    exchange.consumeContent(content, this);
    contentTold = content.isCompleted();
  }

  private void end() {
    try {
      if (!contentTold && head.getEntity() != null) {
        exchange.consumeContent(early, this);
      }
      exchange.responseCompleted();
    } catch (IOException | HttpException | RuntimeException e) {
      exchange.failed(e);
    }
  }

  private void refused(Exception e) {
    stop();
    abort.run();
    caller.execute(() -> exchange.failed(e));
  }

  /** The failure, to be told once. */
  private synchronized @Nullable Exception brokenOff() {
    if (over || failure == null) {
      return null;
    }
    over = true;
    return failure;
  }

  private synchronized boolean isOver() {
    return over;
  }

  private synchronized boolean wantsMore() {
    return !isSuspended() && !over;
  }

  /** Whether it is time to tell the end, once. */
  private synchronized boolean isLast() {
    if (!ended || over) {
      return false;
    }
    over = true;
    return true;
  }
}
