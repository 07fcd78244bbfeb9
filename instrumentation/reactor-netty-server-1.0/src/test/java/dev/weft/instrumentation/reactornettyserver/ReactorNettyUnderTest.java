package dev.weft.instrumentation.reactornettyserver;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.LoadedServer;
import dev.weft.instrumentation.testing.inbound.SourceLoader;
import dev.weft.instrumentation.testing.inbound.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** A version of Reactor Netty in a class loader of its own. */
final class ReactorNettyUnderTest extends LoadedServer {
  /** Longer than a slow machine makes clients pause, shorter than the contract waits. */
  private static final int IDLE_SECONDS = 8;

  private ReactorNettyUnderTest(Class<?> server, int port) {
    super(server, port);
  }

  /** Asks a version, {@code 1.3}, what the contract compares with, then attaches to it. */
  static InboundRig attach(String version) throws Exception {
    return found(
        InboundRig.attach(
            start(version, false, IDLE_SECONDS),
            new ReactorNettyServerModule(),
            new ReactorNettyTransportModule()));
  }

  /** Attaches to a server that runs. */
  static InboundRig attachUnasked(ReactorNettyUnderTest server) throws Exception {
    return found(
        InboundRig.attachUnasked(
            server, new ReactorNettyServerModule(), new ReactorNettyTransportModule()));
  }

  /** The same for one that does not understand plaintext. */
  static InboundRig attachQuietly(ReactorNettyUnderTest server) {
    return InboundRig.attachUnasked(
        server, new ReactorNettyServerModule(), new ReactorNettyTransportModule());
  }

  /** Reactor Netty does nothing while nobody connects, so the first who does finds its port. */
  private static InboundRig found(InboundRig rig) throws Exception {
    rig.plaintext().close();
    return rig;
  }

  /** One that nobody has asked anything. */
  static ReactorNettyUnderTest start(String version) throws Exception {
    return start(version, false, IDLE_SECONDS);
  }

  /** One that takes so many requests on a connection. */
  static ReactorNettyUnderTest startWithRequests(String version, int most) throws Exception {
    return start(version, false, 6, most, false);
  }

  /** One with TLS of its own. */
  static ReactorNettyUnderTest startSecured(String version) throws Exception {
    return start(version, false, 6, 0, true);
  }

  /** One that takes HTTP/2, and connections that are idle for ever. */
  static ReactorNettyUnderTest startHttp2(String version) throws Exception {
    return start(version, true, 0);
  }

  private static ReactorNettyUnderTest start(String version, boolean h2c, int idleSeconds)
      throws Exception {
    return start(version, h2c, idleSeconds, 0, false);
  }

  private static ReactorNettyUnderTest start(
      String version, boolean h2c, int idleSeconds, int requests, boolean secured)
      throws Exception {
    Path jars = Path.of("target", "reactor-netty-" + version).toAbsolutePath();
    URLClassLoader loader = SourceLoader.load(jars, Map.of(), "ReactorServer");
    Class<?> server = loader.loadClass("contract.ReactorServer");
    File work = Files.createTempDirectory(jars, "work").toFile();
    if (secured) {
      TestAuthority.Credential own =
          TestAuthority.create("application").issue("spiffe://application/server");
      pem(work, "key.pem", "PRIVATE KEY", own.key().getEncoded());
      pem(work, "chain.pem", "CERTIFICATE", own.chain().get(0).getEncoded());
    }
    int port =
        (Integer)
            server
                .getMethod("start", File.class, boolean.class, int.class, int.class)
                .invoke(null, work, h2c, idleSeconds, requests);
    return new ReactorNettyUnderTest(server, port);
  }

  private static void pem(File folder, String name, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        folder.toPath().resolve(name),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  @Override
  public boolean speaksWebSocket() {
    return true;
  }

  /** Its limit is set when it starts. */
  @Override
  public void patience(int millis) {}
}
