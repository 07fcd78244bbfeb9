package dev.weft.dataplane.identity;

import dev.weft.dataplane.IpText;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;

/** Which versions, ciphers, names and protocols are offered in handshakes. Stateless. */
final class TlsParameters {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
  };

  private TlsParameters() {}

  /** Versions and ciphers, the same for all. */
  static SSLParameters of(SSLParameters parameters) {
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(SUITES);
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }

  /**
   * The same for a handshake with the server of an attempt.
   *
   * @param alpn what the application is going to speak, as the mesh names it
   */
  static SSLParameters client(SSLParameters from, ClientTls tls, String... alpn) {
    SSLParameters parameters = of(from);
    parameters.setServerNames(indicated(tls.serverName()));
    if (tls.outside() == null) {
      Alpn.offerMesh(parameters, alpn);
    } else {
      Alpn.offerOutside(parameters, alpn);
    }
    return parameters;
  }

  /** RFC 6066, section 3: an address is not indicated. */
  private static List<SNIServerName> indicated(String serverName) {
    if (IpText.parse(serverName) != null) {
      return Collections.emptyList();
    }
    try {
      return Collections.singletonList(new SNIHostName(serverName));
    } catch (IllegalArgumentException e) {
      // A wildcard is no server name: the identity is checked all the same.
      return Collections.emptyList();
    }
  }
}
