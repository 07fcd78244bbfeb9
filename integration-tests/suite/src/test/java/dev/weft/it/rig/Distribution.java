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

  /** What is shipped. */
  public enum Product {
    TOMCAT_8_5("apache-tomcat-8", Launch.TOMCAT, false),
    TOMCAT_9("apache-tomcat-9", Launch.TOMCAT, false),
    TOMCAT_10("apache-tomcat-10", Launch.TOMCAT, true),
    TOMCAT_11("apache-tomcat-11", Launch.TOMCAT, true),
    TOMEE_8("apache-tomee-webprofile-8", Launch.TOMCAT, false),
    TOMEE_9("apache-tomee-webprofile-9", Launch.TOMCAT, true),
    JETTY_9("jetty-home-9", Launch.JETTY, false),
    JETTY_12("jetty-home-12", Launch.JETTY, true),
    WILDFLY_26("wildfly-26", Launch.WILDFLY, false),
    WILDFLY_39("wildfly-39", Launch.WILDFLY, true),
    LIBERTY("wlp", Launch.LIBERTY, true),
    PAYARA_MICRO_6("payara-micro-6", Launch.PAYARA_MICRO, true);

    private final String name;
    private final Launch launch;
    private final boolean jakarta;

    Product(String name, Launch launch, boolean jakarta) {
      this.name = name;
      this.launch = launch;
      this.jakarta = jakarta;
    }

    /**
     * The clients with which the application calls. What Apache HttpClient 5 needs of {@code
     * jdk.net} no deployment of WildFly sees unless it asks for that module.
     */
    public List<String> clients() {
      return launch == Launch.WILDFLY
          ? List.of("huc", "apache", "jdk")
          : List.of("huc", "apache", "apache5", "jdk");
    }

    /** Whether the agent has a unit for its connector. */
    public boolean secured() {
      return launch != Launch.LIBERTY && launch != Launch.PAYARA_MICRO;
    }

    boolean jakarta() {
      return jakarta;
    }

    /** Where it was unpacked, or null when the build did not ask for it. */
    public Path home() {
      Path all = Path.of(System.getProperty("weft.distributions"));
      if (!Files.isDirectory(all)) {
        return null;
      }
      try (Stream<Path> found = Files.list(all)) {
        return found
            .filter(f -> f.getFileName().toString().startsWith(name))
            .findFirst()
            .orElse(null);
      } catch (IOException e) {
        throw new IllegalStateException("cannot look into " + all, e);
      }
    }

    /** Starts it, with further options of the JVM, and waits until it says that it is up. */
    public Distribution start(ControlServer control, String service, String... more) {
      Path directory = Rig.newDirectory(name());
      int port = FreePort.next();
      List<String> options = new ArrayList<>(List.of(more));
      options.addAll(
          List.of(
              "-javaagent:" + Rig.dist("mesh-agent.jar"),
              "-Dmesh.service-name=" + service,
              "-Dmesh.labels=app=" + service,
              "-Dmesh.control-server=" + control.url(),
              "-Dmesh.join-token=" + control.token(service),
              "-Dmesh.cache-dir=" + directory.resolve("cache"),
              "-Dmesh.access-log=" + AccessLog.file(directory)));
      if (!secured()) {
        // What no unit is for tells no port.
        options.add("-Dmesh.service-port=" + port);
      }
      try {
        Forked process = launch.start(this, directory, port, options);
        return new Distribution(process, port, directory);
      } catch (IOException e) {
        throw new IllegalStateException("cannot start " + this, e);
      }
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

  /** Its access log. */
  public AccessLog accessLog() {
    return AccessLog.in(directory);
  }

  @Override
  public void close() {
    process.close();
  }
}
