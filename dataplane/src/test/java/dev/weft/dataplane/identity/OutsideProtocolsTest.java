package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.origination.Originations;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.time.Clock;
import java.util.Collections;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** What is negotiated with servers outside the mesh. */
class OutsideProtocolsTest {
  private final TestAuthority root = TestAuthority.root("root");

  @Test
  void serversOutsideHearTheirOwnWordsForProtocols() throws Exception {
    String[] spoken = {Alpn.HTTP_2, Alpn.WEFT_HTTP_1};
    assertThat(negotiated(spoken, "http/1.1")).isEqualTo("http/1.1");
    assertThat(negotiated(spoken, "http/1.1", "h2")).isEqualTo("http/1.1");
    assertThat(negotiated(spoken, "h2")).isEqualTo("h2");
    assertThat(negotiated(spoken)).isEmpty();
    assertThatThrownBy(() -> negotiated(spoken, "weft-http/1.1")).isInstanceOf(SSLException.class);
    assertThat(negotiated(new String[] {Alpn.OPAQUE}, "smtp")).isEmpty();
  }

  /** What a server outside, which prefers these, agrees on with a client that has no identity. */
  private String negotiated(String[] spoken, String... preferred) throws Exception {
    TransportSecurity known = TransportSecurity.of(Clock.systemUTC());
    known.update(
        root.issue("spiffe://cluster.local/ns/default/sa/orders"),
        "cluster.local",
        Collections.singletonList(root.certificate),
        Collections.<String>emptySet());
    SSLEngine server = known.server().newEngine(false);
    server.setNeedClientAuth(false);
    SSLParameters parameters = server.getSSLParameters();
    Alpn.offer(parameters, preferred);
    server.setSSLParameters(parameters);
    OutsideTls anybody =
        Originations.on(loop -> {})
            .of(
                TrafficPolicy.builder()
                    .tls(TlsMode.SIMPLE)
                    .origination(TlsOrigination.builder().insecureSkipVerify(true).build())
                    .build())
            .current()
            .server("api.example.com");
    ClientTls tls = ClientTls.outside("api.example.com", anybody);
    TransportSecurity nobody = TransportSecurity.of(Clock.systemUTC());
    Engines.handshake(nobody.clientEngine("127.0.0.1", 1, tls, spoken), server);
    return Alpn.negotiated(server);
  }
}
