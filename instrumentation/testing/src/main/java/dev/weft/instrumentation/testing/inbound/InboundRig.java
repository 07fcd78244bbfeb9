package dev.weft.instrumentation.testing.inbound;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server that was there first, and the mesh that came to it. Records how the server answers each
 * {@link Probe} before anything is woven.
 */
public final class InboundRig implements AutoCloseable {
  private final InboundServer server;
  private final Map<String, String> before;
  private final TestMesh mesh;
  private final WeavingHarness harness;
  private int reachedBefore;

  private InboundRig(
      InboundServer server, Map<String, String> before, TestMesh mesh, WeavingHarness harness) {
    this.server = server;
    this.before = before;
    this.mesh = mesh;
    this.harness = harness;
  }

  /** Asks the server all probes, then attaches to it. */
  public static InboundRig attach(InboundServer server, InstrumentationModule... modules) {
    Map<String, String> before = new TreeMap<>();
    for (Probe probe : Probe.all()) {
      try (RawConnection connection = RawConnection.plaintext(server.port())) {
        before.put(probe.name(), probe.transcript(connection));
      } catch (IOException e) {
        throw new UncheckedIOException("probe " + probe.name(), e);
      }
    }
    return attach(server, before, modules);
  }

  /** Attaches without asking first: for suites that compare nothing. */
  public static InboundRig attachUnasked(InboundServer server, InstrumentationModule... modules) {
    return attach(server, Map.of(), modules);
  }

  private static InboundRig attach(
      InboundServer server, Map<String, String> before, InstrumentationModule... modules) {
    TestMesh mesh = TestMesh.create();
    return new InboundRig(server, before, mesh, WeavingHarness.install(mesh.dataPlane(), modules));
  }

  /** The server. */
  public InboundServer server() {
    return server;
  }

  /** Begins another case: {@link #reached} counts from here. */
  void begin() {
    reachedBefore = server.reached();
  }

  /** How many requests of this case have reached the application. */
  int reached() {
    return server.reached() - reachedBefore;
  }

  /** What the server answered to a probe without the mesh. */
  public String before(Probe probe) {
    String transcript = before.get(probe.name());
    if (transcript == null) {
      throw new IllegalArgumentException("no probe " + probe.name());
    }
    return transcript;
  }

  /** The mesh. */
  public TestMesh mesh() {
    return mesh;
  }

  /** The weaving. */
  public WeavingHarness harness() {
    return harness;
  }

  /** Connects as a peer of the mesh. */
  public RawConnection meshed() throws IOException {
    return RawConnection.tls(server.port(), mesh.client("reader"), TestMesh.ALPN);
  }

  /** The port at which the server listens. */
  public int port() {
    return server.port();
  }

  /** Connects in plaintext. */
  public RawConnection plaintext() throws IOException {
    return RawConnection.plaintext(server.port());
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      harness.close();
    }
  }
}
