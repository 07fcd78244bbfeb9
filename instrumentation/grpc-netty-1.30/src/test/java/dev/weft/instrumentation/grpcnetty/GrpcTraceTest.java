package dev.weft.instrumentation.grpcnetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service of gRPC that calls another: their calls are of one trace, on whichever thread. */
@Timeout(20)
final class GrpcTraceTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final TestMesh mesh = TestMesh.create();
  private final ManagedChannel orders =
      ManagedChannelBuilder.forTarget("orders:8080").usePlaintext().build();

  private String order(String word) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(orders, Words.ECHO, options, word);
  }

  @Test
  void traceGoesOnFromTheServiceThatIsCalled() throws Exception {
    ExecutorService elsewhere = Executors.newSingleThreadExecutor();
    try (WeavingHarness woven = WeavingHarness.install(mesh.dataPlane(), Units.all());
        WordServer front = WordServer.plain("front");
        WordServer back = WordServer.plain("back")) {
      assertThat(woven.report()).isNotNull();
      mesh.service("orders", back).apply();
      front.answering(word -> word.equals("here") ? order(word) : later(elsewhere, word));
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
          "00-" + TRACE + "-b7ad6b7169203331-01");
      ManagedChannel outside =
          ManagedChannelBuilder.forAddress("127.0.0.1", front.port()).usePlaintext().build();
      for (String word : new String[] {"here", "elsewhere"}) {
        ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                outside, MetadataUtils.newAttachHeadersInterceptor(headers)),
            Words.ECHO,
            CallOptions.DEFAULT,
            word);
        assertThat(back.lastHeader("traceparent")).as(word).contains(TRACE);
      }
      assertThat(back.calls()).hasSize(2);
      order("of its own");
      assertThat(back.lastHeader("traceparent")).doesNotContain(TRACE);
      outside.shutdownNow();
    } finally {
      elsewhere.shutdownNow();
      orders.shutdownNow();
    }
  }

  private String later(ExecutorService elsewhere, String word) {
    try {
      return elsewhere.submit(Context.current().wrap(() -> order(word))).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
