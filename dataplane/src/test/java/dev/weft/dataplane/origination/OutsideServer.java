package dev.weft.dataplane.origination;

import dev.weft.dataplane.identity.OwnKey;
import dev.weft.dataplane.identity.Svid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A TLS server that knows nothing of the mesh: answers each byte with the next one. */
final class OutsideServer implements AutoCloseable {
  /** Per connection: the names indicated, and whom the client showed itself as. */
  final List<String> clients = new CopyOnWriteArrayList<>();

  /** Bytes of applications that arrived. */
  final AtomicInteger received = new AtomicInteger();

  private final ServerSocket server;
  private final boolean demands;
  private volatile SSLContext context;

  private OutsideServer(Svid shown, boolean demands) throws Exception {
    this.demands = demands;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    show(shown);
    Thread acceptor = new Thread(this::accept, "outside-server");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  static OutsideServer showing(Svid shown) throws Exception {
    return new OutsideServer(shown, false);
  }

  /** One that takes only clients with a certificate, whichever. */
  static OutsideServer demanding(Svid shown) throws Exception {
    return new OutsideServer(shown, true);
  }

  /** From the next connection on; sessions of before are not resumed. */
  void show(Svid shown) throws Exception {
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(
        new KeyManager[] {OwnKey.of(shown.key(), shown.chain())},
        new TrustManager[] {new Anybody()},
        null);
    context = made;
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Thread serving = new Thread(() -> serve(socket), "outside-connection");
        serving.setDaemon(true);
        serving.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true)) {
      socket.setUseClientMode(false);
      socket.setNeedClientAuth(demands);
      socket.startHandshake();
      clients.add(names(socket) + " " + shown(socket));
      for (int next = socket.getInputStream().read();
          next >= 0;
          next = socket.getInputStream().read()) {
        received.incrementAndGet();
        socket.getOutputStream().write(next + 1);
      }
    } catch (IOException e) {
      // The client has judged and gone.
    }
  }

  private static List<String> names(SSLSocket socket) {
    List<String> names = new ArrayList<>();
    for (SNIServerName each :
        ((ExtendedSSLSession) socket.getSession()).getRequestedServerNames()) {
      names.add(((SNIHostName) each).getAsciiName());
    }
    return names;
  }

  private static String shown(SSLSocket socket) {
    try {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSerialNumber()
          .toString(16);
    } catch (SSLPeerUnverifiedException e) {
      return "nobody";
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
