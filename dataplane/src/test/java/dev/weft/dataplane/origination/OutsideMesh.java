package dev.weft.dataplane.origination;

import static java.util.Objects.requireNonNull;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.Pem;
import dev.weft.dataplane.identity.Svid;
import dev.weft.dataplane.identity.TestAuthority;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.ConnectionDriver;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A data plane without an identity, which calls one server outside the mesh. */
final class OutsideMesh {
  static final String HOST = "api.example.com";

  final TestAuthority authority = TestAuthority.root("outside root");
  final List<String> log = new CopyOnWriteArrayList<>();
  final List<String> opened = new CopyOnWriteArrayList<>();
  final DataPlane dataPlane;
  private final Path folder;
  private long version;

  OutsideMesh(Path folder) {
    this.folder = folder;
    TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
    this.dataPlane = DataPlane.builder().transport(transport).log(log::add).build();
    transport.observe(
        new ConnectionObserver() {
          @Override
          public void handshake(Side side, HandshakeResult result) {
            opened.add(result.name());
          }

          @Override
          public void opened(Side side, Security security) {
            opened.add(security.name());
          }
        });
  }

  /** A certificate for these hosts. */
  Svid issue(String... hosts) {
    return authority.issue(
        leaf -> {
          leaf.uris = Collections.emptyList();
          leaf.dns = Arrays.asList(hosts);
        });
  }

  /** Writes a file of the application's machine; returns its path. */
  String file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    return file.toString();
  }

  String authorities(X509Certificate... certificates) throws Exception {
    return file("ca.pem", Pem.write(Arrays.asList(certificates)));
  }

  String certificate(Svid of) throws Exception {
    return file("client.pem", Pem.write(of.chain()));
  }

  String key(Svid of) throws IOException {
    return file("client.key", Pem.write("PRIVATE KEY", of.key().getEncoded()));
  }

  void simple(OutsideServer server, TlsOrigination.Builder settings, String... names) {
    apply(server.port(), TlsMode.SIMPLE, settings, names);
  }

  void simple(int port, TlsOrigination.Builder settings) {
    apply(port, TlsMode.SIMPLE, settings);
  }

  void mutual(OutsideServer server, TlsOrigination.Builder settings) {
    apply(server.port(), TlsMode.MUTUAL, settings);
  }

  private void apply(int port, TlsMode mode, TlsOrigination.Builder settings, String... names) {
    dataPlane
        .snapshots()
        .apply(
            Snapshot.builder()
                .version(++version)
                .services(
                    Collections.singletonList(
                        Service.builder()
                            .host(HOST)
                            .name(HOST)
                            .authorities(Collections.singletonList(HOST))
                            .external(true)
                            .trafficPolicy(
                                TrafficPolicy.builder()
                                    .tls(mode)
                                    .origination(settings.build())
                                    .subjectAltNames(Arrays.asList(names))
                                    .build())
                            .endpoints(
                                Collections.singletonList(
                                    Endpoint.builder()
                                        .id("api")
                                        .address("127.0.0.1")
                                        .port(port)
                                        .build()))
                            .build()))
                .build());
  }

  /** Connects and asks; returns the answer. */
  int ask(int question) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(question);
      return socket.getInputStream().read();
    }
  }

  Socket connect() throws IOException {
    ConnectionDriver sockets = dataPlane.sockets();
    return sockets.connect(
        requireNonNull(sockets.resolve(HOST)), HOST + ":80", 2_000, socket -> {});
  }

  /** The agent looks at the files, as it does every few seconds. */
  void look() {
    dataPlane.snapshots().originations().look();
  }
}
