package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.outbound.ReplayBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * The body of a hop, which a one-shot producer of the application can produce again up to a limit.
 * Used by one attempt at a time.
 */
final class AsyncHopEntity implements AsyncEntityProducer, SentBody {
  private final AsyncEntityProducer entity;
  private ReplayBuffer seen = new ReplayBuffer();
  private @Nullable List<? extends Header> trailers;
  private @Nullable ByteBuffer replay;
  private volatile boolean started;
  private volatile boolean ended;
  private @Nullable Exception failure;

  AsyncHopEntity(AsyncEntityProducer entity) {
    this.entity = entity;
  }

  /** The same body, as it was sent, for another attempt; null when not all of it is known. */
  @Nullable AsyncHopEntity beside() {
    byte[] whole = ended ? seen.whole() : null;
    if (whole == null) {
      return null;
    }
    AsyncHopEntity again = new AsyncHopEntity(entity);
    again.seen = seen;
    again.trailers = trailers;
    again.started = true;
    return again;
  }

  @Override
  public byte @Nullable [] whole() {
    return seen.whole();
  }

  @Override
  public boolean replayable() {
    if (!started || seen.whole() != null) {
      return true;
    }
    long length = entity.getContentLength();
    return entity.isRepeatable() && length >= 0 && length <= ReplayBuffer.LIMIT;
  }

  /** Whether the library took all of it. */
  boolean ended() {
    return ended;
  }

  /** Starts over, for another attempt or another answer to a challenge. */
  @Override
  public void releaseResources() {
    ended = false;
    byte[] whole = seen.whole();
    if (whole != null) {
      replay = ByteBuffer.wrap(whole);
    } else if (started) {
      entity.releaseResources();
      seen = new ReplayBuffer();
    }
  }

  /** Tells the application's producer what the library told this one, once no attempt follows. */
  void conclude() {
    if (failure != null) {
      entity.failed(failure);
    }
  }

  @Override
  public void failed(Exception cause) {
    failure = cause;
  }

  @Override
  public int available() {
    return replay == null ? entity.available() : Math.max(1, replay.remaining());
  }

  @Override
  public void produce(DataStreamChannel channel) throws IOException {
    started = true;
    Tee tee = new Tee(channel);
    ByteBuffer again = replay;
    if (again == null) {
      entity.produce(tee);
      return;
    }
    if (again.hasRemaining()) {
      channel.write(again);
    }
    if (!again.hasRemaining()) {
      tee.endStream(trailers);
    }
  }

  @Override
  public boolean isRepeatable() {
    return entity.isRepeatable();
  }

  @Override
  public long getContentLength() {
    return entity.getContentLength();
  }

  @Override
  public String getContentType() {
    return entity.getContentType();
  }

  @Override
  public String getContentEncoding() {
    return entity.getContentEncoding();
  }

  @Override
  public boolean isChunked() {
    return entity.isChunked();
  }

  @Override
  public Set<String> getTrailerNames() {
    return entity.getTrailerNames();
  }

  private final class Tee implements DataStreamChannel {
    private final DataStreamChannel channel;

    Tee(DataStreamChannel channel) {
      this.channel = channel;
    }

    @Override
    public void requestOutput() {
      channel.requestOutput();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer copy = source.duplicate();
      int count = channel.write(source);
      if (count > 0) {
        seen.remember(copy, count);
      }
      return count;
    }

    @Override
    public void endStream(@Nullable List<? extends Header> given) throws IOException {
      if (replay == null) {
        trailers = given;
        seen.end();
      }
      ended = true;
      if (given == null) {
        channel.endStream();
      } else {
        channel.endStream(given);
      }
    }

    @Override
    public void endStream() throws IOException {
      endStream(null);
    }
  }
}
