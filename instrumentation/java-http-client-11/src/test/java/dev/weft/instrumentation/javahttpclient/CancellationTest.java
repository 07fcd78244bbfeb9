package dev.weft.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.Held;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that its application gives up ends at the server too, and is not sent to another. */
@Timeout(60)
class CancellationTest extends WovenClientTest {
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final Held held = new Held();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpRequest request = HttpRequest.newBuilder(URI.create("http://orders/")).build();

  CancellationTest() {
    super(new JavaHttpClientModule());
  }

  @BeforeEach
  void answer() {
    orders.answering(r -> Reply.of(200, "late").after(this::hang));
  }

  @AfterEach
  void close() {
    held.release();
  }

  private void hang() {
    arrived.countDown();
    held.hang();
  }

  @Test
  void futureThatIsCancelledEndsTheCall() throws Exception {
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(call.cancel(true)).isTrue();
    held.release();
    await().until(() -> mesh.dataPlane().transport().connections().size() == 0);
    assertThat(orders.requests()).hasSize(1);
  }

  @Test
  void callerThatIsInterruptedGetsItsException() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        new Thread(
            () ->
                failure.set(
                    catchThrowable(
                        () -> client.send(request, HttpResponse.BodyHandlers.ofString()))));
    caller.start();
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join(10_000);
    assertThat(failure.get()).isInstanceOf(InterruptedException.class);
    assertThat(orders.requests()).hasSize(1);
  }
}
