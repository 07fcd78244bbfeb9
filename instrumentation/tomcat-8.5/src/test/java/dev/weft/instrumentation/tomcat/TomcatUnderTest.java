package dev.weft.instrumentation.tomcat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundServer;
import dev.weft.instrumentation.testing.inbound.SourceLoader;
import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** A version of Tomcat in a class loader of its own. */
final class TomcatUnderTest implements InboundServer {
  private final Class<?> server;
  private final int port;

  private TomcatUnderTest(Class<?> server, int port) {
    this.server = server;
    this.port = port;
  }

  /** Starts a version, {@code 9.0}, and attaches to it. */
  static InboundRig attach(String version) throws Exception {
    return InboundRig.attach(start(version), new TomcatModule(), new TomcatTransportModule());
  }

  /** The same for a connector on which the application configured {@code h2c}. */
  static InboundRig attachHttp2(String version) throws Exception {
    return InboundRig.attach(
        start(version, "startHttp2"), new TomcatModule(), new TomcatTransportModule());
  }

  static TomcatUnderTest start(String version) throws Exception {
    return start(version, "start");
  }

  private static TomcatUnderTest start(String version, String how) throws Exception {
    Path jars = Path.of("target", "tomcat-" + version).toAbsolutePath();
    String api = version.matches("8\\.5.*|9\\.0.*") ? "javax.servlet" : "jakarta.servlet";
    URLClassLoader loader = SourceLoader.load(jars, api, "ContractServlet", "TomcatServer");
    Class<?> server = loader.loadClass("contract.TomcatServer");
    File work = Files.createTempDirectory(jars, "work").toFile();
    int port = (Integer) server.getMethod(how, File.class).invoke(null, work);
    return new TomcatUnderTest(server, port);
  }

  @Override
  public int port() {
    return port;
  }

  /** Tomcat's default. */
  @Override
  public int requestsPerConnection() {
    return 100;
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
