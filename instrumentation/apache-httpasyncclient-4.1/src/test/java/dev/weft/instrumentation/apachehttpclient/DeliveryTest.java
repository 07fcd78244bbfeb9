package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.entity.BasicHttpEntity;
import org.apache.http.message.BasicHttpResponse;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliveryTest {
  private final Exchange exchange = new Exchange();
  private final Connection connection = new Connection();
  private final AtomicInteger aborts = new AtomicInteger();
  private final Delivery delivery =
      new Delivery(exchange, head(), Runnable::run, aborts::incrementAndGet);

  private static HttpResponse head() {
    HttpResponse head = new BasicHttpResponse(HttpVersion.HTTP_1_1, 200, "OK");
    head.setEntity(new BasicHttpEntity());
    return head;
  }

  @Test
  void contentIsToldAsItArrives() throws IOException {
    delivery.deliver();
    delivery.content(new Content("one "), connection);
    delivery.content(new Content("two"), connection);
    delivery.ended();
    assertThat(exchange.told).containsExactly("head", "one ", "two", "", "completed");
    assertThat(connection.asked).isEmpty();
  }

  @Test
  void contentFromBeforeTheDecisionIsToldFirst() throws IOException {
    delivery.content(new Content("one "), connection);
    assertThat(exchange.told).isEmpty();
    delivery.deliver();
    delivery.content(new Content("two"), connection);
    delivery.ended();
    assertThat(exchange.told).containsExactly("head", "one ", "two", "", "completed");
  }

  @Test
  void noMoreThanALimitIsReadBeforeTheDecision() throws IOException {
    delivery.content(new Content("x".repeat(65_000)), connection);
    assertThat(connection.asked).isEmpty();
    delivery.content(new Content("x".repeat(1_000)), connection);
    assertThat(connection.asked).containsExactly("suspend");
    delivery.deliver();
    assertThat(connection.asked).containsExactly("suspend", "request");
    assertThat(exchange.told).containsExactly("head", "x".repeat(66_000));
  }

  @Test
  void discardedContentIsReadUpToALimit() throws IOException {
    delivery.content(new Content("x".repeat(66_000)), connection);
    delivery.discard();
    assertThat(connection.asked).containsExactly("suspend", "request");
    assertThatThrownBy(() -> delivery.content(new Content("x"), connection))
        .isInstanceOf(IOException.class);
    assertThat(exchange.told).isEmpty();
  }

  @Test
  void failureBeforeTheDecisionIsNoEndOfTheBody() throws IOException {
    IOException reset = new IOException("reset");
    delivery.content(new Content("half"), connection);
    delivery.failed(reset);
    assertThat(exchange.told).isEmpty();
    delivery.deliver();
    assertThat(exchange.told).containsExactly("failed " + reset);
  }

  @Test
  void exchangeThatThrowsIsToldSoAndTheAttemptEnds() throws IOException {
    IllegalStateException defect = new IllegalStateException("of the application");
    exchange.onContent =
        control -> {
          throw defect;
        };
    delivery.deliver();
    delivery.content(new Content("one"), connection);
    delivery.ended();
    assertThat(exchange.told).containsExactly("head", "one", "failed " + defect);
    assertThat(aborts).hasValue(1);
  }

  @Test
  void errorOfTheExchangeIsToldAndGoesOn() {
    LinkageError defect = new LinkageError("of the application");
    exchange.onContent =
        control -> {
          throw defect;
        };
    delivery.deliver();
    assertThatThrownBy(() -> delivery.content(new Content("one"), connection)).isSameAs(defect);
    assertThat(exchange.told).hasSize(3).last().asString().startsWith("failed java.io.IOException");
  }

  @Test
  void stoppedExchangeHearsNothing() throws IOException {
    delivery.content(new Content("one"), connection);
    exchange.onContent = control -> delivery.stop();
    delivery.deliver();
    delivery.failed(new IOException("closed"));
    assertThat(exchange.told).containsExactly("head", "one");
  }

  @Test
  void suspendedExchangeIsToldTheRestWhenItAsks() throws IOException {
    delivery.content(new Content("one "), connection);
    exchange.bytesAtOnce = 2;
    exchange.onContent = IOControl::suspendInput;
    delivery.deliver();
    assertThat(exchange.told).containsExactly("head", "on");
    delivery.content(new Content("two"), connection);
    assertThat(connection.asked).endsWith("suspend").doesNotContain("request");
    delivery.requestInput();
    assertThat(exchange.told).containsExactly("head", "on", "e ");
    exchange.onContent = control -> {};
    delivery.requestInput();
    assertThat(connection.asked).endsWith("request");
  }

  @Test
  void connectionIsNotAskedAfterItWasGivenBack() throws IOException {
    delivery.content(new Content("one"), connection);
    exchange.bytesAtOnce = 2;
    exchange.onContent = IOControl::suspendInput;
    delivery.deliver();
    delivery.ended();
    int before = connection.asked.size();
    exchange.onContent = control -> {};
    delivery.requestInput();
    assertThat(exchange.told).containsExactly("head", "on", "e", "completed");
    assertThat(connection.asked).hasSize(before);
  }

  /** No lock is held: what arrives meanwhile waits in the connection. */
  @Test
  void oneThreadTellsAndNobodyWaitsForIt() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    delivery.content(new Content("one "), connection);
    exchange.onContent =
        control -> {
          busy.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    Thread teller = new Thread(delivery::deliver);
    teller.start();
    busy.await();
    Content two = new Content("two");
    delivery.content(two, connection);
    assertThat(two.isCompleted()).as("read while another thread tells").isFalse();
    assertThat(connection.asked).containsExactly("suspend");
    go.countDown();
    teller.join();
    assertThat(connection.asked).containsExactly("suspend", "request");
    delivery.content(two, connection);
    assertThat(exchange.told).containsExactly("head", "one ", "two");
  }

  /** The other thread asks again just when the first is about to leave. */
  @Test
  void noWakeUpIsLost() throws Exception {
    int length = 2_000_000;
    CountDownLatch completed = new CountDownLatch(1);
    AtomicReference<IOControl> suspended = new AtomicReference<>();
    exchange.completed = completed::countDown;
    exchange.quiet = true;
    exchange.bytesAtOnce = 1;
    exchange.onContent =
        control -> {
          control.suspendInput();
          suspended.set(control);
        };
    Thread asking =
        new Thread(
            () -> {
              while (completed.getCount() > 0) {
                IOControl control = suspended.getAndSet(null);
                if (control != null) {
                  control.requestInput();
                }
              }
            });
    asking.setDaemon(true);
    asking.start();
    delivery.ended(new byte[length]);
    delivery.deliver();
    assertThat(completed.await(30, TimeUnit.SECONDS)).as("told to the end").isTrue();
    assertThat(exchange.bytes).hasValue(length);
  }

  private interface Reaction {
    void on(IOControl control) throws IOException;
  }

  /** What it was told; it reads all there is, or so many bytes. */
  private static final class Exchange implements HttpAsyncClientExchangeHandler {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger bytes = new AtomicInteger();
    private volatile Reaction onContent = control -> {};
    private volatile Runnable completed = () -> {};
    private volatile int bytesAtOnce = Integer.MAX_VALUE;
    private volatile boolean quiet;

    private void tell(String what) {
      if (!quiet) {
        told.add(what);
      }
    }

    @Override
    public void responseReceived(HttpResponse response) {
      tell("head");
    }

    @Override
    public void consumeContent(ContentDecoder decoder, IOControl control) throws IOException {
      ByteBuffer to = ByteBuffer.allocate(Math.min(bytesAtOnce, 100_000));
      decoder.read(to);
      bytes.addAndGet(to.position());
      tell(new String(to.array(), 0, to.position(), StandardCharsets.US_ASCII));
      if (to.position() > 0) {
        onContent.on(control);
      }
    }

    @Override
    public void responseCompleted() {
      tell("completed");
      completed.run();
    }

    @Override
    public void failed(Exception e) {
      tell("failed " + e);
    }

    @Override
    public HttpRequest generateRequest() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void produceContent(ContentEncoder encoder, IOControl control) {}

    @Override
    public void requestCompleted() {}

    @Override
    public void inputTerminated() {}

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public boolean cancel() {
      return false;
    }

    @Override
    public void close() {}
  }

  private static final class Connection implements IOControl {
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public void requestInput() {
      asked.add("request");
    }

    @Override
    public void suspendInput() {
      asked.add("suspend");
    }

    @Override
    public void requestOutput() {}

    @Override
    public void suspendOutput() {}

    @Override
    public void shutdown() {}
  }

  /** What the connection has now; more is to come. */
  private static final class Content implements ContentDecoder {
    private final ByteBuffer bytes;

    Content(String text) {
      this.bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int read(ByteBuffer to) {
      int count = Math.min(to.remaining(), bytes.remaining());
      for (int i = 0; i < count; i++) {
        to.put(bytes.get());
      }
      return count;
    }

    @Override
    public boolean isCompleted() {
      return false;
    }
  }
}
