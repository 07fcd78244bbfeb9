package dev.weft.instrumentation.grpcnetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.identity.Pem;
import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers outside the mesh are spoken to over TLS that the application knows nothing of. */
@Timeout(60)
final class GrpcOriginationTest {
  private final TestMesh mesh = TestMesh.create();

  private void apply(WordServer server, Path authorities) {
    TrafficPolicy policy =
        TrafficPolicy.builder()
            .tls(TlsMode.SIMPLE)
            .origination(TlsOrigination.builder().caCertificates(authorities.toString()).build())
            .build();
    mesh.clear().service("orders", s -> s.external(true).trafficPolicy(policy), server).apply();
  }

  private static String echo(ManagedChannel channel) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, Words.ECHO, options, "x");
  }

  @Test
  void aServerOutsideIsSpokenToOverTls(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("ca.pem");
    Files.writeString(file, Pem.write(List.of(mesh.authority().root())));
    Path others = folder.resolve("others.pem");
    Files.writeString(others, Pem.write(List.of(TestAuthority.create().root())));
    ManagedChannel channel = Units.channel("orders", 8080).usePlaintext().build();
    try (WeavingHarness harness = WeavingHarness.install(mesh.dataPlane(), Units.ofClients());
        WordServer server = WordServer.secured("api", mesh.authority().issueFor("orders"));
        WordServer other = WordServer.secured("other", mesh.authority().issueFor("payments"))) {
      apply(server, file);
      for (int i = 0; i < 3; i++) {
        assertThat(echo(channel)).isEqualTo("api x");
      }
      assertThat(server.connections()).isOne();
      apply(server, others);
      assertThat(refused(channel)).isEqualTo(Code.UNAVAILABLE);
      apply(server, folder.resolve("missing.pem"));
      assertThat(refused(channel)).isEqualTo(Code.UNAVAILABLE);
      assertThat(server.calls()).hasSize(3);
      apply(other, file);
      assertThat(refused(channel)).isEqualTo(Code.UNAVAILABLE);
      assertThat(other.calls()).isEmpty();
      assertThat(harness.report()).isNotEmpty();
    } finally {
      channel.shutdownNow();
    }
  }

  private static Code refused(ManagedChannel channel) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> echo(channel))
        .getStatus()
        .getCode();
  }
}
