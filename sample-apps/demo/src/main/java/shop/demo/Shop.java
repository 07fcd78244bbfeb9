package shop.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The control server and the shop's services, each a process of its own. */
final class Shop {
  private final Path project;
  private final Path work;
  private final Path temporary;
  private final Processes processes;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private String controlServer = "";
  private String adminTokenFile = "";
  private final String traceEndpoint;

  Shop(Path project, Path work, Processes processes, String traceEndpoint) throws IOException {
    this.temporary = Files.createDirectories(work.resolve("tmp"));
    this.project = project;
    this.work = work;
    this.processes = processes;
    this.traceEndpoint = traceEndpoint;
  }

  /** The services make directories for their Tomcats, and are ended rather than stopped. */
  private String temporaryFiles() {
    return "-Djava.io.tmpdir=" + temporary;
  }

  void startControlServer() throws InterruptedException {
    Processes.Started server =
        processes.start(
            "control-server",
            List.of(
                java(),
                "-Xmx192m",
                temporaryFiles(),
                "-jar",
                project.resolve("dist/mesh-control-server.jar").toString(),
                "serve",
                "--data-dir",
                work.resolve("control-server").toString(),
                "--listen",
                "127.0.0.1:0"),
            Map.of());
    controlServer = server.await("(https://127\\.0\\.0\\.1:\\d+)");
    adminTokenFile = server.await("(?m)(/\\S*admin\\S*)\\s*$");
  }

  String controlServer() {
    return controlServer;
  }

  String adminTokenFile() {
    return adminTokenFile;
  }

  /** Runs {@code meshctl} as an operator would and returns what it printed. */
  String meshctl(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(project.resolve("dist/meshctl").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--server", controlServer, "--token-file", adminTokenFile));
    return processes.run("meshctl", command);
  }

  String apply(String policy) throws InterruptedException {
    return meshctl(
        "apply", "-f", project.resolve("sample-apps/demo/policies").resolve(policy).toString());
  }

  /** Starts one sample from its jar; returns the port its container printed. */
  int startJar(String sample, String instance, Map<String, String> settings, String... arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add(temporaryFiles());
    command.add("-javaagent:" + project.resolve("dist/mesh-agent.jar"));
    command.add("-jar");
    command.add(
        project.resolve("sample-apps/" + sample + "/target/sample-" + sample + ".jar").toString());
    command.addAll(List.of(arguments));
    Processes.Started started =
        processes.start(instance, command, environment(sample, instance, settings));
    return Integer.parseInt(started.await(sample + ".* on port (\\d+)"));
  }

  /** Unpacks nothing, changes nothing: the stock Tomcat 9 with the WAR in its webapps. */
  int startStorefront() throws InterruptedException, IOException {
    Path target = project.resolve("sample-apps/storefront/target");
    Path home;
    try (var found = Files.list(target)) {
      home =
          found
              .filter(f -> f.getFileName().toString().startsWith("apache-tomcat"))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("no Tomcat under " + target));
    }
    Path base = work.resolve("storefront");
    for (String directory : List.of("conf", "logs", "temp", "work", "webapps")) {
      Files.createDirectories(base.resolve(directory));
    }
    int port = freePort();
    try (var conf = Files.list(home.resolve("conf"))) {
      for (Path file : conf.filter(Files::isRegularFile).toList()) {
        Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
      }
    }
    Path serverXml = base.resolve("conf/server.xml");
    Files.writeString(
        serverXml,
        Files.readString(serverXml)
            .replace("port=\"8005\"", "port=\"-1\"")
            .replace("port=\"8080\"", "port=\"" + port + "\""));
    Files.copy(target.resolve("ROOT.war"), base.resolve("webapps/ROOT.war"));
    Map<String, String> environment = new java.util.HashMap<>();
    environment.putAll(environment("storefront", "storefront", Map.of()));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("CATALINA_HOME", home.toString());
    environment.put("CATALINA_BASE", base.toString());
    environment.put(
        "CATALINA_OPTS",
        "-Xmx128m -XX:TieredStopAtLevel=1 -javaagent:" + project.resolve("dist/mesh-agent.jar"));
    Processes.Started tomcat =
        processes.start(
            "storefront",
            List.of("sh", home.resolve("bin/catalina.sh").toString(), "run"),
            environment);
    tomcat.await("Server startup in");
    return port;
  }

  private Map<String, String> environment(
      String service, String instance, Map<String, String> settings) throws InterruptedException {
    Map<String, String> all = new java.util.HashMap<>();
    all.put("MESH_SERVICE_NAME", service);
    all.put("MESH_CONTROL_SERVER", controlServer);
    all.put("MESH_CACHE_DIR", work.resolve("cache-" + instance).toString());
    all.put("MESH_LABELS", "app=" + service);
    all.put("OTEL_EXPORTER_OTLP_ENDPOINT", traceEndpoint);
    all.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    all.put("OTEL_METRICS_EXPORTER", "none");
    all.put("OTEL_BSP_SCHEDULE_DELAY", "500");
    all.put("MESH_JOIN_TOKEN", meshctl("token", "create", "--service", service).trim());
    all.putAll(settings);
    return all;
  }

  /** One plaintext GET from outside the mesh: its status (0 when refused) and text. */
  Reply get(String url) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(15)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Reply(0, "connection refused or closed (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** What came back. */
  record Reply(int status, String text) {}

  void post(String url) throws InterruptedException, IOException {
    http.send(
        HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.discarding());
  }

  /**
   * Below the ports that systems hand out for port 0, or one of the shop's other services could be
   * given this one before Tomcat listens on it.
   */
  private static int freePort() {
    for (int port : ThreadLocalRandom.current().ints(100, 15_000, 30_000).toArray()) {
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new IllegalStateException("no free port");
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
