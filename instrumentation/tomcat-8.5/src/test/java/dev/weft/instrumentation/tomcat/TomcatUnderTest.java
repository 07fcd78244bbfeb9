package dev.weft.instrumentation.tomcat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.LoadedServer;
import dev.weft.instrumentation.testing.inbound.SourceLoader;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** A version of Tomcat in a class loader of its own. */
final class TomcatUnderTest extends LoadedServer {
  private static final String NIO = "HTTP/1.1";
  private static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

  private TomcatUnderTest(Class<?> server, int port) {
    super(server, port);
  }

  /** Starts a version, {@code 9.0}, and attaches to it. */
  static InboundRig attach(String version) throws Exception {
    return attach(start(version, NIO, false));
  }

  /** The same for a connector on which the application configured {@code h2c}. */
  static InboundRig attachHttp2(String version) throws Exception {
    return attach(start(version, NIO, true));
  }

  /** The same for an NIO2 connector. */
  static InboundRig attachNio2(String version) throws Exception {
    return known(attachNio2Unasked(version));
  }

  /** The same, and nobody has connected since. */
  static InboundRig attachNio2Unasked(String version) throws Exception {
    return attachAll(start(version, NIO2, false));
  }

  /** The same for an NIO2 connector on which the application configured {@code h2c}. */
  static InboundRig attachNio2WithHttp2(String version) throws Exception {
    return attachAll(start(version, NIO2, true));
  }

  /** The same for a Tomcat that lacks a class of its package {@code util.net}. */
  static InboundRig attachWithout(String version, String missing) throws Exception {
    Path jars = Path.of("target", "tomcat-" + version).toAbsolutePath();
    Path copy = Files.createTempDirectory(jars.getParent(), "tomcat-" + version);
    try (Stream<Path> files = Files.list(jars)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
        Path copied = Files.copy(jar, copy.resolve(jar.getFileName()));
        try (FileSystem zip = FileSystems.newFileSystem(copied)) {
          Files.deleteIfExists(zip.getPath("org/apache/tomcat/util/net/" + missing + ".class"));
        }
      }
    }
    return attachAll(start(copy, version, NIO, false));
  }

  private static InboundRig attach(TomcatUnderTest server) {
    return InboundRig.attach(server, new TomcatModule(), new TomcatTransportModule());
  }

  private static InboundRig attachAll(TomcatUnderTest server) {
    return InboundRig.attach(
        server, new TomcatModule(), new TomcatTransportModule(), new TomcatNio2Module());
  }

  /** Nothing runs in an idle NIO2 connector, so its port is found by the first who connects. */
  private static InboundRig known(InboundRig rig) throws IOException {
    rig.plaintext().close();
    return rig;
  }

  private static TomcatUnderTest start(String version, String protocol, boolean http2)
      throws Exception {
    Path jars = Path.of("target", "tomcat-" + version).toAbsolutePath();
    return start(jars, version, protocol, http2);
  }

  private static TomcatUnderTest start(Path jars, String version, String protocol, boolean http2)
      throws Exception {
    String api = version.matches("8\\.5.*|9\\.0.*") ? "javax." : "jakarta.";
    Map<String, String> words = Map.of("SERVLET", api + "servlet", "WEBSOCKET", api + "websocket");
    URLClassLoader loader = SourceLoader.load(jars, words, "ContractServlet", "TomcatServer");
    Class<?> server = loader.loadClass("contract.TomcatServer");
    File work = Files.createTempDirectory(jars, "work").toFile();
    Method start = server.getMethod("start", File.class, String.class, boolean.class);
    int port = (Integer) start.invoke(null, work, protocol, http2);
    return new TomcatUnderTest(server, port);
  }

  /** Tomcat's default. */
  @Override
  public int requestsPerConnection() {
    return 100;
  }

  /** Which thread an NIO2 connector goes on with, below its processor, is a matter of luck. */
  @Override
  public String withoutChance(String transcript) {
    int cut = transcript.indexOf("Nio2Endpoint$SocketProcessor.doRun");
    return cut < 0
        ? transcript
        : (transcript.substring(0, cut) + transcript.substring(transcript.indexOf("</pre>", cut)))
            .replaceFirst("Content-Length: \\d+", "");
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
