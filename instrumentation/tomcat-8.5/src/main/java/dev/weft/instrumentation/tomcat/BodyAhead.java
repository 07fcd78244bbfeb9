package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.BodyPrefix;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a body, read of Coyote before the application runs and given to Catalina as if
 * it had come just now: whatever way the application reads, it reads through there. For the thread
 * that serves the request, until it is recycled.
 */
final class BodyAhead implements InputBuffer, ActionHook {
  private static final byte[] NOTHING = {};
  private static final @Nullable Object CONTINUE = alwaysContinue();

  private final Request request;
  private final org.apache.coyote.Request wire;
  private final InputBuffer source;
  private final ActionHook processor;
  private final Chunks chunks = new Chunks();
  private ByteBuffer unread = ByteBuffer.wrap(NOTHING);
  private @Nullable ApplicationBufferHandler reader;
  private boolean ended;

  private BodyAhead(Request request, ActionHook processor) {
    this.request = request;
    this.wire = request.getCoyoteRequest();
    this.source = wire.getInputBuffer();
    this.processor = processor;
  }

  /**
   * The body's first bytes.
   *
   * @see dev.weft.dataplane.inbound.InboundRequest#peekBody
   */
  static byte[] peek(Request request, int most, long timeoutNanos) throws IOException {
    BodyAhead ahead = RequestNotes.ahead(request);
    if (ahead == null) {
      org.apache.coyote.Request wire = request.getCoyoteRequest();
      if (!HookField.OF_REQUEST.isOpen()) {
        throw new IOException("this Tomcat is a module that is not open, so bodies stay unread");
      }
      if (wire.getBytesRead() > 0) {
        throw new IOException("a valve of the engine has read the body before the mesh");
      }
      ahead = new BodyAhead(request, HookField.OF_REQUEST.get(wire));
      RequestNotes.keepAhead(request, ahead);
    }
    ahead.read(most, System.nanoTime(), timeoutNanos);
    return ahead.chunks.first(most);
  }

  private void read(int most, long begun, long timeoutNanos) throws IOException {
    if (ended || chunks.size() >= most) {
      return;
    }
    try {
      tellToGoOn();
      while (!ended && chunks.size() < most) {
        if (System.nanoTime() - begun > timeoutNanos) {
          throw new SocketTimeoutException("the body did not come in time");
        }
        // As long as the connector lets a client say nothing, as for the application.
        ended = source.doRead(chunks) < 0;
        chunks.take();
      }
    } catch (IOException e) {
      // The rest is not waited for once more, to find the next request behind it.
      wire.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
      throw e;
    }
    if (chunks.size() > 0) {
      giveBack();
    }
  }

  /** Answers {@code Expect: 100-continue}, which Catalina would do later, and then does not. */
  private void tellToGoOn() {
    if (wire.hasExpectation()) {
      wire.action(ActionCode.ACK, CONTINUE);
      wire.setExpectation(false);
    }
  }

  private void giveBack() throws IOException {
    unread = ByteBuffer.wrap(chunks.toByteArray());
    ApplicationBufferHandler known = reader;
    if (known != null) {
      known.setByteBuffer(unread);
      return;
    }
    wire.setInputBuffer(this);
    try {
      // Nothing of it is wanted here: Catalina asks for what there is, and keeps that.
      request.getStream().read(NOTHING, 0, 0);
    } finally {
      wire.setInputBuffer(source);
    }
    if (reader == null) {
      throw new IOException("Tomcat did not take back what was read of a body");
    }
    HookField.OF_REQUEST.put(wire, this);
  }

  /** Catalina asks for more of the body. */
  @Override
  public int doRead(ApplicationBufferHandler handler) {
    reader = handler;
    handler.setByteBuffer(unread);
    return unread.remaining();
  }

  @Override
  @SuppressWarnings("deprecation") // of 8.5, where it has to be there
  public int doRead(ByteChunk chunk) throws IOException {
    throw new IOException("nothing reads in this way");
  }

  /** Of Tomcat 9 and later. */
  public int available() {
    return unread.remaining();
  }

  /**
   * A body that Coyote has given up in full is not at its end while Catalina has some of it, and
   * there is something to read: else a listener would wait to be told.
   */
  @Override
  public void action(ActionCode code, @Nullable Object parameter) {
    boolean end = code == ActionCode.REQUEST_BODY_FULLY_READ;
    if ((end || code == ActionCode.NB_READ_INTEREST)
        && unread.hasRemaining()
        && parameter instanceof AtomicBoolean) {
      ((AtomicBoolean) parameter).set(!end);
    } else {
      processor.action(code, parameter);
    }
  }

  /** Leaves the processor to the next request, and keeps nothing of the body alive. */
  void forget() {
    ApplicationBufferHandler known = reader;
    if (known != null) {
      known.setByteBuffer(ByteBuffer.wrap(NOTHING));
      HookField.OF_REQUEST.put(wire, processor);
    }
  }

  /**
   * What says that the client is to go on whenever the connector is told to; none before 8.5.57.
   */
  private static @Nullable Object alwaysContinue() {
    try {
      String name = "org.apache.coyote.ContinueResponseTiming";
      for (Object timing :
          Class.forName(name, true, Request.class.getClassLoader()).getEnumConstants()) {
        if (((Enum<?>) timing).name().equals("ALWAYS")) {
          return timing;
        }
      }
    } catch (ClassNotFoundException e) {
      // Any argument will do.
    }
    return null;
  }

  /** Takes the pieces that Coyote has. */
  private static final class Chunks extends BodyPrefix implements ApplicationBufferHandler {
    private ByteBuffer piece = ByteBuffer.wrap(NOTHING);

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      piece = buffer;
    }

    /** Only now: Coyote sets the buffer's end after it has handed it over. */
    void take() {
      byte[] bytes = new byte[piece.remaining()];
      piece.get(bytes);
      write(bytes, 0, bytes.length);
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return piece;
    }

    @Override
    public void expand(int size) {}
  }
}
