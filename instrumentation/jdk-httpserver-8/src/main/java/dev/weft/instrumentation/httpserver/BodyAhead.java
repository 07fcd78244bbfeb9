package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.HttpExchange;
import dev.weft.dataplane.inbound.BodyPrefix;
import dev.weft.dataplane.outbound.MeshTimer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The beginning of a body, read before the application runs, and pushed back into the stream that
 * it gets. The server waits for bodies as long as it takes; here the client's side of the
 * connection is ended when the time is over. For the thread that serves the request.
 */
final class BodyAhead {
  private final HttpExchange exchange;
  private final MeshTimer timer;
  private final Runnable endInput;
  private final Runnable endAfterAnswer;
  private final InputStream source;
  private final BodyPrefix read = new BodyPrefix();
  private boolean ended;

  /**
   * @param endInput ends what a read waits for; any thread may say so
   * @param endAfterAnswer has the connection serve no other request
   */
  BodyAhead(HttpExchange exchange, MeshTimer timer, Runnable endInput, Runnable endAfterAnswer) {
    this.exchange = exchange;
    this.timer = timer;
    this.endInput = endInput;
    this.endAfterAnswer = endAfterAnswer;
    this.source = exchange.getRequestBody();
  }

  /**
   * The body's first bytes.
   *
   * @see dev.weft.dataplane.inbound.InboundRequest#peekBody
   */
  byte[] peek(int most, long timeoutNanos) throws IOException {
    if (!ended && read.size() < most) {
      try {
        read(most, timeoutNanos);
      } catch (IOException e) {
        endAfterAnswer.run();
        throw e;
      }
      PushbackInputStream whole = new PushbackInputStream(source, Math.max(1, read.size()));
      whole.unread(read.toByteArray());
      exchange.setStreams(whole, null);
    }
    return read.first(most);
  }

  private void read(int most, long timeoutNanos) throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    MeshTimer.Scheduled end =
        timer.schedule(
            () -> {
              late.set(true);
              endInput.run();
            },
            timeoutNanos);
    try {
      byte[] buffer = new byte[8192];
      while (!ended && read.size() < most) {
        int count = source.read(buffer, 0, Math.min(buffer.length, most - read.size()));
        ended = count < 0;
        read.write(buffer, 0, Math.max(0, count));
      }
    } catch (IOException e) {
      throw late.get() ? timedOut(e) : e;
    } finally {
      end.cancel();
    }
    if (ended && late.get()) {
      throw new SocketTimeoutException("the body did not come in time");
    }
    if (ended && read.size() < announced()) {
      throw new EOFException("the body broke off after " + read.size() + " bytes");
    }
  }

  private static IOException timedOut(IOException cause) {
    return (IOException)
        new SocketTimeoutException("the body did not come in time").initCause(cause);
  }

  /** The server takes the end of the connection for that of a body with a length. */
  private long announced() {
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    boolean chunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
    return length == null || chunked ? 0 : Long.parseLong(length.trim());
  }
}
