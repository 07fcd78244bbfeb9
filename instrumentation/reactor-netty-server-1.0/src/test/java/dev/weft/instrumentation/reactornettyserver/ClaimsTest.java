package dev.weft.instrumentation.reactornettyserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import dev.weft.policy.snapshot.MtlsMode;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code support.yaml} says of this server beyond the contract. */
final class ClaimsTest {
  private static final String GET = Probe.get("/app/status/200");

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void tlsOfTheApplicationHasNoPeerOfTheMesh(String version) throws Exception {
    try (InboundRig rig =
        ReactorNettyUnderTest.attachQuietly(ReactorNettyUnderTest.startSecured(version))) {
      rig.mesh().join();
      assertThat(ownTls(rig)).isEqualTo(200);
      rig.mesh().mode(MtlsMode.STRICT);
      assertThat(ownTls(rig)).isEqualTo(403);
      assertThat(rig.server().reached()).isEqualTo(1);
      rig.mesh().mode(MtlsMode.DISABLE);
      assertThat(ownTls(rig)).isEqualTo(200);
    }
  }

  private static int ownTls(InboundRig rig) throws Exception {
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, new TrustManager[] {new TrustingAll()}, new SecureRandom());
    try (RawConnection connection = RawConnection.tls(rig.server().port(), client)) {
      return connection.send(GET).read().status();
    }
  }

  private static final class TrustingAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void headerOfTheProxyProtocolIsTakenForPlaintext() throws Exception {
    try (InboundRig rig = attach("1.3")) {
      rig.mesh().join();
      rig.mesh().mode(MtlsMode.STRICT);
      try (RawConnection proxied = rig.plaintext()) {
        proxied.send("PROXY TCP4 127.0.0.1 127.0.0.1 4000 80\r\n");
        assertThat(proxied.isEnded()).isTrue();
      }
      assertThat(rig.server().reached()).isZero();
    }
  }

  @Test
  void limitOfRequestsThatTheApplicationSetsEndsMeshedConnections() throws Exception {
    try (InboundRig rig =
        ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.startWithRequests("1.3", 2))) {
      rig.mesh().join();
      try (RawConnection meshed = rig.meshed()) {
        assertThat(meshed.send(GET).read().status()).isEqualTo(200);
        assertThat(meshed.send(GET).read().status()).isEqualTo(200);
        assertThat(meshed.isEnded()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void meshedConnectionEndsWithItsAge(String version) throws Exception {
    try (InboundRig rig = attach(version)) {
      rig.mesh().join();
      try (RawConnection young = rig.meshed()) {
        assertThat(young.send(GET).read().header("connection")).isNull();
        rig.mesh().connectionAge(0);
        assertThat(young.send(GET).read().status()).isEqualTo(200);
        try (RawConnection old = rig.meshed();
            RawConnection plaintext = rig.plaintext()) {
          assertThat(old.send(GET).read().status()).isEqualTo(200);
          assertThat(old.isEnded()).isTrue();
          assertThat(plaintext.send(GET).read().status()).isEqualTo(200);
          assertThat(plaintext.send(GET).read().status()).isEqualTo(200);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void connectionThatNobodySawHasNoPeer(String version) throws Exception {
    try (InboundRig rig = attach(version)) {
      rig.mesh().join();
      rig.harness().breakHook("dev.weft.instrumentation.reactornettyserver.AcceptHook");
      try (RawConnection plaintext = rig.plaintext()) {
        assertThat(plaintext.send(GET).read().status()).isEqualTo(200);
      }
      assertThatThrownBy(rig::meshed).isInstanceOf(IOException.class);
      rig.mesh().mode(MtlsMode.STRICT);
      try (RawConnection plaintext = rig.plaintext()) {
        assertThat(plaintext.send(GET).read().status()).isEqualTo(403);
      }
      assertThat(rig.server().reached()).isEqualTo(1);
    }
  }

  private static InboundRig attach(String version) throws Exception {
    return ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.start(version));
  }
}
