package dev.weft.instrumentation.grpcnetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/**
 * Calls of which gRPC itself sends the stream once more, to the instance of the attempt, when that
 * listens no longer.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
final class GrpcRepeatTest {
  private final TestMesh mesh = TestMesh.create();
  private @SuppressWarnings("NullAway.Init") ManagedChannel channel;
  private @SuppressWarnings("NullAway.Init") WeavingHarness harness;

  @BeforeAll
  void weave() throws Exception {
    harness = WeavingHarness.install(mesh.dataPlane(), Units.ofClients());
    // What channels do today, older ones must be told to.
    channel = Units.channel("orders", 8080).usePlaintext().enableRetry().build();
  }

  @AfterAll
  void end() {
    harness.close();
    channel.shutdownNow();
  }

  private String echo() {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, Words.ECHO, options, "x");
  }

  @Test
  void callThatAnInstanceRefusedAsItLeftIsAnsweredByAnother() throws Exception {
    try (LeavingServer leaving = new LeavingServer(true);
        WordServer well = WordServer.plain("well")) {
      mesh.clear().service("orders", leaving, well).apply();
      for (int i = 0; i < 100 && !leaving.isGone(); i++) {
        assertThat(echo()).isEqualTo("well x");
      }
      assertThat(leaving.isGone()).isTrue();
    }
  }

  /** A lost stream is one that OkHttp's transport takes for not processed, and Netty's does not. */
  @Test
  void callThatWasLostIsRepeatedAsTheTransportAllows() throws Exception {
    try (LeavingServer leaving = new LeavingServer(false)) {
      mesh.clear().service("orders", leaving).apply();
      StatusRuntimeException failure =
          catchThrowableOfType(StatusRuntimeException.class, this::echo);
      assertThat(leaving.isGone()).isTrue();
      assertThat(failure.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    }
    try (LeavingServer leaving = new LeavingServer(false);
        WordServer well = WordServer.plain("well")) {
      mesh.clear().service("orders", leaving, well).apply();
      boolean told = false;
      for (int i = 0; i < 100 && !leaving.isGone(); i++) {
        try {
          assertThat(echo()).isEqualTo("well x");
        } catch (StatusRuntimeException e) {
          told = true;
        }
      }
      assertThat(leaving.isGone()).isTrue();
      assertThat(told).isEqualTo(Units.transport().equals("grpc-netty-"));
    }
  }
}
