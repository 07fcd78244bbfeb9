package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class HandshakeResultTest {
  @Test
  void failuresAreTold() {
    assertThat(HandshakeResult.of(new IdentityRefusedException("who"))).isEqualTo(id());
    assertThat(HandshakeResult.of(new SSLException("x", new CertificateException("no"))))
        .isEqualTo(id());
    assertThat(HandshakeResult.of(new SSLException("Received fatal alert: bad_certificate")))
        .isEqualTo(id());
    assertThat(HandshakeResult.of(new SSLHandshakeException("Empty client certificate chain")))
        .isEqualTo(id());
    assertThat(HandshakeResult.of(new SSLHandshakeException("no cipher suites in common")))
        .isEqualTo(HandshakeResult.TLS);
    assertThat(HandshakeResult.of(new SocketTimeoutException())).isEqualTo(HandshakeResult.TIMEOUT);
    assertThat(HandshakeResult.of(new EOFException())).isEqualTo(HandshakeResult.CONNECTION);
  }

  @Test
  void labelsAreFixed() {
    assertThat(HandshakeResult.OK.outcome() + " " + HandshakeResult.OK.reason())
        .isEqualTo("ok none");
    assertThat(HandshakeResult.NOT_READY.outcome() + " " + HandshakeResult.NOT_READY.reason())
        .isEqualTo("refused not_ready");
  }

  private static HandshakeResult id() {
    return HandshakeResult.IDENTITY;
  }
}
