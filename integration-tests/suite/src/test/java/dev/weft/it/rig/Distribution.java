package dev.weft.it.rig;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A container as its makers ship it, with the probe's WAR deployed at {@code /app} as its manual
 * says. Its own folder is only read: configuration, deployments and logs are in a folder of the
 * run, where nothing but the ports is changed.
 */
public final class Distribution implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Forked process;
  private final int port;
  private final Path directory;

  private Distribution(Forked process, int port, Path directory) {
    this.process = process;
    this.port = port;
    this.directory = directory;
  }

  /** How one is started. */
  public enum Product {
    TOMCAT_8_5("apache-tomcat-8", false, true),
    TOMCAT_9("apache-tomcat-9", false, true),
    TOMCAT_10("apache-tomcat-10", true, true),
    TOMCAT_11("apache-tomcat-11", true, true),
    WILDFLY_26("wildfly-26", false, true),
    WILDFLY_39("wildfly-39", true, true);

    private final String folder;
    private final boolean jakarta;
    private final boolean secured;

    Product(String folder, boolean jakarta, boolean secured) {
      this.folder = folder;
      this.jakarta = jakarta;
      this.secured = secured;
    }

    /**
     * The clients with which the application calls. What Apache HttpClient 5 needs of {@code
     * jdk.net} no deployment of WildFly sees unless it asks for that module.
     */
    public List<String> clients() {
      return folder.startsWith("wildfly")
          ? List.of("huc", "apache", "jdk")
          : List.of("huc", "apache", "apache5", "jdk");
    }

    /** Whether the agent has a unit for its connector. */
    public boolean secured() {
      return secured;
    }

    /** Where it was unpacked, or null when the build did not ask for it. */
    public Path home() {
      Path all = Path.of(System.getProperty("weft.distributions"));
      if (!Files.isDirectory(all)) {
        return null;
      }
      try (Stream<Path> found = Files.list(all)) {
        return found
            .filter(f -> f.getFileName().toString().startsWith(folder))
            .findFirst()
            .orElse(null);
      } catch (IOException e) {
        throw new IllegalStateException("cannot look into " + all, e);
      }
    }

    /** Starts it and waits until it says that it is up. */
    public Distribution start(ControlServer control, String service) {
      Path directory = Rig.newDirectory(name());
      int port = FreePort.next();
      String options =
          String.join(
              " ",
              "-javaagent:" + Rig.dist("mesh-agent.jar"),
              "-Dmesh.service-name=" + service,
              "-Dmesh.control-server=" + control.url(),
              "-Dmesh.join-token=" + control.token(service),
              "-Dmesh.cache-dir=" + directory.resolve("cache"),
              "-Dmesh.access-log=" + directory.resolve("access.log"));
      try {
        Forked process =
            folder.startsWith("wildfly")
                ? wildfly(directory, port, options)
                : tomcat(directory, port, options);
        return new Distribution(process, port, directory);
      } catch (IOException e) {
        throw new IllegalStateException("cannot start " + this, e);
      }
    }

    private Forked tomcat(Path directory, int port, String options) throws IOException {
      Path base = directory.resolve("base");
      copy(home().resolve("conf"), base.resolve("conf"));
      Path server = base.resolve("conf/server.xml");
      Files.writeString(
          server,
          Files.readString(server)
              .replace("port=\"8080\"", "port=\"" + port + "\" address=\"127.0.0.1\"")
              .replace("port=\"8005\"", "port=\"-1\""));
      for (String folder : List.of("webapps", "logs", "temp", "work")) {
        Files.createDirectories(base.resolve(folder));
      }
      ProbeWar.file(base.resolve("webapps"), "app.war", "legacy", jakarta);
      Map<String, String> environment =
          Map.of(
              "JAVA_HOME", Jdk.current().home().toString(),
              "CATALINA_HOME", home().toString(),
              "CATALINA_BASE", base.toString(),
              "CATALINA_OPTS", "-Xmx256m " + options);
      String script = home().resolve("bin/catalina.sh").toString();
      Forked process = Forked.start(name(), directory, List.of("bash", script, "run"), environment);
      process.await("Server startup in", Duration.ofSeconds(120));
      return process;
    }

    private Forked wildfly(Path directory, int port, String options) throws IOException {
      Path base = directory.resolve("standalone");
      copy(home().resolve("standalone"), base);
      ProbeWar.file(base.resolve("deployments"), "app.war", "legacy", jakarta);
      List<String> command =
          new ArrayList<>(List.of("bash", home().resolve("bin/standalone.sh").toString()));
      command.add("-Djboss.server.base.dir=" + base);
      command.add("-Djboss.http.port=" + port);
      for (String other : List.of("https", "management.http", "management.https")) {
        command.add("-Djboss." + other + ".port=" + FreePort.next());
      }
      Map<String, String> environment =
          Map.of(
              "JAVA_HOME", Jdk.current().home().toString(),
              "JBOSS_HOME", home().toString(),
              "PREPEND_JAVA_OPTS", options);
      Forked process = Forked.start(name(), directory, command, environment);
      process.await("WFLYSRV0025: .* started in", Duration.ofSeconds(180));
      return process;
    }
  }

  /** The process, for its output and its end. */
  public Forked process() {
    return process;
  }

  /** The port of its HTTP connector. */
  public int port() {
    return port;
  }

  /** What the application gets when it calls with one of its clients. */
  public String call(String client, String url) {
    return get(
        "/app/call?client=" + client + "&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
  }

  /** A plaintext request from a client without agent. */
  public String get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .build();
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The lines of its access log so far. */
  public List<String> accessLog() {
    Path log = directory.resolve("access.log");
    try {
      return Files.exists(log) ? Files.readAllLines(log) : List.of();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + log, e);
    }
  }

  @Override
  public void close() {
    process.close();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
