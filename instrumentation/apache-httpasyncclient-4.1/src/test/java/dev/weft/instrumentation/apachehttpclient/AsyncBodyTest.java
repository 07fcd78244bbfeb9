package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.dataplane.outbound.ReplayBuffer;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.junit.jupiter.api.Test;

class AsyncBodyTest {
  private static final int PART = 32 * 1024;

  private final Wire wire = new Wire();

  /** An exchange that produces parts of zeros. */
  private static HttpAsyncClientExchangeHandler exchange(int parts, int part) {
    ByteBuffer zeros = ByteBuffer.allocateDirect(part);
    int[] left = {parts};
    return (HttpAsyncClientExchangeHandler)
        Proxy.newProxyInstance(
            AsyncBodyTest.class.getClassLoader(),
            new Class<?>[] {HttpAsyncClientExchangeHandler.class},
            (self, method, arguments) -> {
              ContentEncoder encoder = (ContentEncoder) arguments[0];
              zeros.clear();
              encoder.write(zeros);
              if (--left[0] == 0) {
                encoder.complete();
              }
              return null;
            });
  }

  private void send(AsyncBody body) throws Exception {
    while (!wire.completed) {
      body.produce(wire, (IOControl) null);
    }
  }

  @Test
  void smallBodyIsSentAgain() throws Exception {
    AsyncBody body = new AsyncBody(exchange(2, PART));
    send(body);
    assertThat(body.replayable()).isTrue();
    assertThat(wire.bytes).isEqualTo(ReplayBuffer.LIMIT);
    wire.completed = false;
    body.rewind();
    send(body);
    assertThat(wire.bytes).isEqualTo(2 * ReplayBuffer.LIMIT);
  }

  @Test
  void bodyBeyondTheLimitIsNotCopied() throws Exception {
    int parts = 2_000;
    AsyncBody body = new AsyncBody(exchange(parts, PART));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    send(body);
    assertThat(wire.bytes).isEqualTo((long) parts * PART);
    assertThat(threads.getThreadAllocatedBytes(id) - before)
        .as("bytes allocated for a body of %d", wire.bytes)
        .isLessThan(wire.bytes / 8);
    assertThat(body.replayable()).isFalse();
  }

  private static final class Wire implements ContentEncoder {
    private long bytes;
    private boolean completed;

    @Override
    public int write(ByteBuffer part) {
      int count = part.remaining();
      part.position(part.limit());
      bytes += count;
      return count;
    }

    @Override
    public void complete() {
      completed = true;
    }

    @Override
    public boolean isCompleted() {
      return completed;
    }
  }
}
