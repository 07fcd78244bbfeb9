package dev.weft.it.rig;

import java.io.IOException;
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

/** An executable jar of Spring Boot in a JVM of its own; {@code port} is where its Tomcat is. */
public record SpringApp(String service, Forked process, int port, Path directory)
    implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * Begins to start one; {@link Starting#awaitStarted} waits for it, so that several start at once.
   */
  public static Starting start(
      ControlServer control, String service, String module, Name name, List<String> jvmOptions) {
    return start(control, service, module, name, new Options(jvmOptions, List.of()));
  }

  /** The same, with options before and after the agent's. */
  public static Starting start(
      ControlServer control, String service, String module, Name name, Options options) {
    Path directory = Rig.newDirectory(service);
    List<String> command = new ArrayList<>();
    command.add(Jdk.current().tool("java"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options.before);
    command.add("-javaagent:" + Rig.dist("mesh-agent.jar"));
    command.add("-Dmesh.control-server=" + control.url());
    command.add("-Dmesh.join-token=" + control.token(service));
    command.add("-Dmesh.labels=app=" + service);
    command.add("-Dmesh.cache-dir=" + directory.resolve("cache"));
    command.add("-Dmesh.access-log=" + AccessLog.file(directory));
    command.addAll(options.after);
    if (name.property != null) {
      command.add("-D" + name.property + "=" + service);
    }
    Map<String, String> environment =
        name.property == null ? Map.of("SPRING_APPLICATION_NAME", service) : Map.of();
    command.addAll(List.of("-jar", jar(module).toString()));
    command.addAll(List.of("--server.port=0", "--shop.name=" + service));
    return new Starting(service, Forked.start(service, directory, command, environment), directory);
  }

  private static Path jar(String module) {
    Path jar = Path.of(System.getProperty("weft.probes"), module, "target", "app.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: run ./mvnw -DskipTests package");
    }
    return jar;
  }

  /** A plaintext request from a client without agent; the status is 0 when nothing answered. */
  public Answer get(String path, String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .header("accept", accept)
            .build();
    try {
      HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      return new Answer(0, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it says of another service, called by its RestTemplate. */
  public Answer call(String other, String path) {
    return get("/call?service=" + other + "&path=" + path, "text/plain, */*");
  }

  /** Its access log. */
  public AccessLog accessLog() {
    return AccessLog.in(directory);
  }

  @Override
  public void close() {
    process.close();
  }

  /** Where its service name comes from. */
  public enum Name {
    /** The agent's own setting. */
    MESH("mesh.service-name"),
    /** Spring's property, on the command line of the JVM. */
    SPRING_PROPERTY("spring.application.name"),
    /** Spring's environment variable. */
    SPRING_ENVIRONMENT(null);

    private final String property;

    Name(String property) {
      this.property = property;
    }
  }

  /** Options of the JVM that stand before the agent's, and those that stand after it. */
  public record Options(List<String> before, List<String> after) {}

  /** A status and a body. */
  public record Answer(int status, String text) {}

  /** One that may not have come up yet. */
  public record Starting(String service, Forked process, Path directory) {
    /** Waits until its Tomcat listens; fails with its output when it ends before. */
    public SpringApp awaitStarted() {
      return awaitStarted(Duration.ofSeconds(90));
    }

    /** The same, with a limit of one's own. */
    public SpringApp awaitStarted(Duration limit) {
      String port = process.await("Tomcat started on port\\S*:? (\\d+)", limit);
      process.await("Started ShopApplication", limit);
      return new SpringApp(service, process, Integer.parseInt(port), directory);
    }
  }
}
