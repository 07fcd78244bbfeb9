package dev.weft.instrumentation.jetty;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.LoadedServer;
import dev.weft.instrumentation.testing.inbound.SourceLoader;
import java.io.File;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A version of Jetty in a class loader of its own. */
final class JettyUnderTest extends LoadedServer {
  private static final String JETTY = "org.eclipse.jetty.";

  private JettyUnderTest(Class<?> server, int port) {
    super(server, port);
  }

  /** Starts a version, {@code 9.4} or {@code 12.1-ee10}, and attaches to it. */
  static InboundRig attach(String version) throws Exception {
    return attach(version, "start");
  }

  /** The same for a method of {@code contract.JettyServer} that starts another server. */
  static InboundRig attach(String version, String how) throws Exception {
    return InboundRig.attach(start(version, how), new JettyModule(), new JettyTransportModule());
  }

  private static JettyUnderTest start(String version, String how) throws Exception {
    Path jars = Path.of("target", "jetty-" + version).toAbsolutePath();
    int environment = version.indexOf("-ee");
    boolean javax = version.matches("9\\.4.*|10\\.0.*|.*-ee8");
    boolean core = version.matches("12.*-ee1\\d");
    Map<String, String> words =
        Map.of(
            "JETTYEE",
            environment < 0
                ? JETTY + "servlet"
                : JETTY + version.substring(environment + 1) + ".servlet",
            "SERVLET",
            javax ? "javax.servlet" : "jakarta.servlet",
            "RESOURCES",
            core
                ? "context.setBaseResourceAsPath(docs.toPath());"
                : "context.setResourceBase(docs.getPath());");
    URLClassLoader loader = SourceLoader.load(jars, words, "ContractServlet", "JettyServer");
    Class<?> server = loader.loadClass("contract.JettyServer");
    File work = Files.createTempDirectory(jars, "work").toFile();
    int port = (Integer) server.getMethod(how, File.class).invoke(null, work);
    return new JettyUnderTest(server, port);
  }

  @Override
  public boolean answersAfterTlsHalfClose() {
    return true;
  }

  @Override
  public boolean runsServlets() {
    return true;
  }
}
