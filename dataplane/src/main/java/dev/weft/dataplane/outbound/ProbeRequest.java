package dev.weft.dataplane.outbound;

import dev.weft.dataplane.LocalPorts;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.ReadinessProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One attempt of this instance to reach itself. Where its port takes mesh TLS it comes as a caller
 * of its own identity, so that it gets in under STRICT, and its policy has to let that identity
 * have the path. Thread-safe.
 */
final class ProbeRequest implements OwnReadiness.Asking {
  private static final int FIRST_BAD_STATUS = 400;

  private final TransportSecurity transport;
  private final LocalPorts ports;
  private final LongSupplier nanos;

  ProbeRequest(TransportSecurity transport, LocalPorts ports, LongSupplier nanos) {
    this.transport = transport;
    this.ports = ports;
    this.nanos = nanos;
  }

  @Override
  public boolean well(ReadinessProbe probe) {
    long deadline = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(probe.timeoutSeconds);
    try (Socket plain = new Socket(Proxy.NO_PROXY)) {
      InetAddress address =
          probe.host.isEmpty()
              ? InetAddress.getLoopbackAddress()
              : InetAddress.getByName(probe.host);
      plain.connect(new InetSocketAddress(address, probe.port), left(deadline));
      if (probe.method == ReadinessProbe.Method.TCP) {
        return true;
      }
      plain.setSoTimeout(left(deadline));
      try (Socket socket = secured(plain, address, probe)) {
        socket.getOutputStream().write(StatusLine.get(probe.path, host(probe), probe.headers));
        socket.getOutputStream().flush();
        int status = StatusLine.read(socket, () -> left(deadline));
        return status >= 200 && status < FIRST_BAD_STATUS;
      }
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private Socket secured(Socket plain, InetAddress address, ReadinessProbe probe)
      throws IOException, GeneralSecurityException {
    if (probe.method == ReadinessProbe.Method.HTTPS) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      SSLSocket own =
          (SSLSocket) context.getSocketFactory().createSocket(plain, host(probe), probe.port, true);
      own.startHandshake();
      return own;
    }
    boolean itself = probe.host.isEmpty() || address.isLoopbackAddress();
    return itself && ports.acceptsMesh(probe.port) && transport.ready()
        ? transport.layer(
            plain,
            address.getHostAddress(),
            probe.port,
            ClientTls.of("localhost", null, transport.generation()))
        : plain;
  }

  private static String host(ReadinessProbe probe) {
    for (Map.Entry<String, String> header : probe.headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase("host")) {
        return header.getValue();
      }
    }
    return probe.host.isEmpty() ? "localhost" : probe.host;
  }

  /** Milliseconds until the deadline. */
  private int left(long deadline) throws IOException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong());
    if (millis <= 0) {
      throw new SocketTimeoutException("the probe took too long");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  /** As Kubernetes probes: the question is whether this process answers, not who it is. */
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
