package dev.weft.instrumentation.reactornettyserver;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundServer;
import dev.weft.instrumentation.testing.inbound.SourceLoader;
import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A version of Reactor Netty in a class loader of its own. */
final class ReactorNettyUnderTest implements InboundServer {
  /** Longer than a slow machine makes clients pause, shorter than the contract waits. */
  private static final int IDLE_SECONDS = 8;

  private final Class<?> server;
  private final int port;

  private ReactorNettyUnderTest(Class<?> server, int port) {
    this.server = server;
    this.port = port;
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

  /** Reactor Netty does nothing while nobody connects, so the first who does finds its port. */
  private static InboundRig found(InboundRig rig) throws Exception {
    rig.plaintext().close();
    return rig;
  }

  /** One that nobody has asked anything. */
  static ReactorNettyUnderTest start(String version) throws Exception {
    return start(version, false, IDLE_SECONDS);
  }

  /** One that takes HTTP/2, and connections that are idle for ever. */
  static ReactorNettyUnderTest startHttp2(String version) throws Exception {
    return start(version, true, 0);
  }

  private static ReactorNettyUnderTest start(String version, boolean h2c, int idleSeconds)
      throws Exception {
    Path jars = Path.of("target", "reactor-netty-" + version).toAbsolutePath();
    URLClassLoader loader = SourceLoader.load(jars, Map.of(), "ReactorServer");
    Class<?> server = loader.loadClass("contract.ReactorServer");
    File work = Files.createTempDirectory(jars, "work").toFile();
    int port =
        (Integer)
            server
                .getMethod("start", File.class, boolean.class, int.class)
                .invoke(null, work, h2c, idleSeconds);
    return new ReactorNettyUnderTest(server, port);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean speaksWebSocket() {
    return true;
  }

  @Override
  public int reached() {
    return (Integer) call("reached");
  }

  /** Stops the server. Its class loader stays open: the next harness reweaves its classes, too. */
  @Override
  public void close() {
    call("stop");
  }

  private Object call(String method) {
    try {
      return server.getMethod(method).invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
