package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.DataPlane;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

final class ConnectionPolicyTest {
  @Test
  void withoutPolicyTheAnswerIsTheOneForAnUnusableAgent() throws SSLException {
    ConnectionPolicy deny = DataPlane.builder().denyWithoutPolicy(true).build().connections();
    assertThatThrownBy(() -> deny.requirePlaintext(8080)).isInstanceOf(SSLException.class);
    ConnectionPolicy allow = DataPlane.builder().denyWithoutPolicy(false).build().connections();
    allow.requirePlaintext(8080);
  }

  @Test
  void withoutIdentityTlsIsNotOffered() {
    ConnectionPolicy policy = DataPlane.builder().build().connections();
    assertThatThrownBy(() -> policy.engine(8080, false))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("no certificate");
  }

  @Test
  void connectionsEndWithinAnHourAndNotAllAtOnce() {
    ConnectionPolicy policy = DataPlane.builder().build().connections();
    for (int i = 0; i < 100; i++) {
      long left = policy.ageLimitNanos() - System.nanoTime();
      assertThat(left).isBetween(TimeUnit.MINUTES.toNanos(44), TimeUnit.MINUTES.toNanos(60));
    }
  }
}
