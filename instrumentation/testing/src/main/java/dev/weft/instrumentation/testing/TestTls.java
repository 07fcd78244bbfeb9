package dev.weft.instrumentation.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** How a {@link TestInstance} speaks TLS: as one of the mesh, or as a server outside. Immutable. */
final class TestTls {
  private final SSLContext context;
  private final boolean demanding;
  private final String[] protocols;

  private TestTls(SSLContext context, boolean demanding, String... protocols) {
    this.context = context;
    this.demanding = demanding;
    this.protocols = protocols;
  }

  static TestTls mesh(SSLContext context) {
    return new TestTls(context, true, "weft-http/1.1");
  }

  /** One that demands nothing negotiates nothing either: there are many of those. */
  static TestTls outside(SSLContext context, boolean demanding) {
    return demanding ? new TestTls(context, true, "http/1.1") : new TestTls(context, false);
  }

  boolean isMesh() {
    return protocols.length > 0 && protocols[0].startsWith("weft");
  }

  Socket accept(Socket socket) throws IOException {
    SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
    secured.setUseClientMode(false);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setNeedClientAuth(demanding);
    parameters.setApplicationProtocols(protocols);
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  /** The server name that the client asked for; empty when it asked for none. */
  static String indicatedTo(Socket accepted) {
    SSLSession session = ((SSLSocket) accepted).getSession();
    return ((ExtendedSSLSession) session)
        .getRequestedServerNames().stream()
            .map(each -> new String(each.getEncoded(), StandardCharsets.US_ASCII))
            .collect(Collectors.joining(","));
  }

  /** The name that the client showed; empty when none was demanded. */
  String peerOf(Socket accepted) throws SSLPeerUnverifiedException {
    return demanding ? ((SSLSocket) accepted).getSession().getPeerPrincipal().getName() : "";
  }
}
