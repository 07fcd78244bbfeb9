package dev.weft.instrumentation.undertow;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.LoadedServer;
import dev.weft.instrumentation.testing.inbound.SourceLoader;
import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** A version of Undertow in a class loader of its own. */
final class UndertowUnderTest extends LoadedServer {
  private UndertowUnderTest(Class<?> server, int port) {
    super(server, port);
  }

  /** Starts a version, {@code 2.3}, and attaches to it. */
  static InboundRig attach(String version) throws Exception {
    InboundRig rig =
        InboundRig.attach(start(version), new UndertowModule(), new UndertowTransportModule());
    // Undertow does nothing while nobody connects, so its port is found by the first who does.
    rig.plaintext().close();
    return rig;
  }

  static UndertowUnderTest start(String version) throws Exception {
    Path jars = Path.of("target", "undertow-" + version).toAbsolutePath();
    String api = version.matches("2\\.[012]") ? "javax.servlet" : "jakarta.servlet";
    URLClassLoader loader = SourceLoader.load(jars, api, "ContractServlet", "UndertowServer");
    Class<?> server = loader.loadClass("contract.UndertowServer");
    File work = Files.createTempDirectory(jars, "work").toFile();
    int port = (Integer) server.getMethod("start", File.class).invoke(null, work);
    return new UndertowUnderTest(server, port);
  }

  @Override
  public boolean answersAfterTlsHalfClose() {
    return true;
  }

  @Override
  public boolean speaksWebSocket() {
    return true;
  }

  @Override
  public boolean runsServlets() {
    return true;
  }
}
