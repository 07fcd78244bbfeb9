package dev.weft.it.rig;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The probe application in a JVM of its own, with or without the agent. */
public final class App implements AutoCloseable {
  private final String name;
  private final Builder how;
  private final Path directory;
  private Forked process;
  private int port;

  private App(String name, Builder how) {
    this.name = name;
    this.how = how;
    this.directory = Rig.newDirectory(name);
  }

  /** An application that stands for one instance of a service. */
  public static Builder of(String name) {
    return new Builder(name);
  }

  private void launch(int wantedPort) {
    List<String> command = new ArrayList<>();
    command.add(how.jdk.tool("java"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
    if (!how.measured) {
      command.addAll(Rig.compilers());
    }
    if (how.jdk.feature() >= 21) {
      command.add("-XX:+EnableDynamicAgentLoading");
    }
    command.addAll(how.jvmOptions);
    if (how.agent && !how.attach) {
      command.add("-javaagent:" + how.agentJar());
      how.settings(directory).forEach((k, v) -> command.add("-Dmesh." + k + "=" + v));
    }
    command.addAll(how.laterJvmOptions);
    command.add("-Dprobe.apache-4.0=" + System.getProperty("weft.apache-4.0"));
    if (how.application == null) {
      String classPath = how.reactive ? Rig.reactiveClassPath() : Rig.probeClassPath(how.container);
      if (how.webSockets) {
        classPath = classPath + File.pathSeparator + Rig.webSockets(how.container);
      }
      command.addAll(List.of("-cp", classPath, how.main, name));
    } else {
      command.addAll(List.of("-jar", how.application.toString(), name));
    }
    command.add(String.valueOf(wantedPort));
    command.addAll(how.arguments);
    process = Forked.start(name, Rig.newDirectory(name + "-run"), command, how.environment);
    port =
        Integer.parseInt(
            process.await("\\Q" + name + "\\E listening on (\\d+)", Duration.ofSeconds(60)));
    if (how.agent && how.attach) {
      how.before.accept(this);
      attach();
    }
  }

  private void attach() {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(how.jdk.tool("java"), "-jar", how.agentJar().toString()));
    command.addAll(List.of("attach", String.valueOf(process.pid())));
    how.settings(directory).forEach((k, v) -> command.add(k + "=" + v));
    Forked attach = Forked.start("attach", Rig.newDirectory("attach"), command, Map.of());
    int code = attach.exitCode(Duration.ofSeconds(60));
    if (code != 0) {
      throw new IllegalStateException("attach ended with " + code + ":\n" + attach.output());
    }
  }

  /** The port its container listens on. */
  public int port() {
    return port;
  }

  /** The process, for its output and its end. */
  public Forked process() {
    return process;
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.kill();
  }

  /** Starts it again on the same port with the same settings and cache. */
  public void restart() {
    launch(port);
  }

  /** Its access log. */
  public AccessLog accessLog() {
    return AccessLog.in(directory);
  }

  /** One call that the application makes with the client it is told, and what it got. */
  public Answer call(String client, String url) {
    return call("", client, url);
  }

  /** One call to itself with each of these clients, which works without a mesh. */
  public void callItself(List<String> clients) {
    for (String client : clients) {
      Answer answer = call(client, "http://127.0.0.1:" + port + "/itself");
      if (!"200".equals(answer.callStatus())) {
        throw new IllegalStateException(
            name + " cannot call itself with " + client + ": " + answer);
      }
    }
  }

  /** The same, by the application that is deployed at {@code root}. */
  public Answer call(String root, String client, String url) {
    return get(root + "/call?client=" + client + "&url=" + encode(url));
  }

  /** A load that the application makes; the keys are those that the load servlet prints. */
  public Map<String, String> load(String client, String url, int count, int rate, int threads) {
    Answer answer =
        get(
            "/load?client="
                + client
                + "&url="
                + encode(url)
                + "&count="
                + count
                + "&rate="
                + rate
                + "&threads="
                + threads);
    if (answer.status() != 200) {
      throw new IllegalStateException("load failed: " + answer);
    }
    return answer.fields();
  }

  /** A plaintext request from a client without agent. */
  public Answer get(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      connection.setConnectTimeout(5000);
      connection.setReadTimeout(30 * 60_000);
      int status = connection.getResponseCode();
      var in = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(
          status,
          connection.getHeaderField("x-call-status"),
          connection.getHeaderField("x-call-error"),
          text);
    } catch (IOException e) {
      return new Answer(0, null, e.toString(), "");
    }
  }

  /**
   * The status of a request on a connection of its own: those that were open before an agent was
   * attached tell it nothing of a port.
   */
  public int statusOnNewConnection(String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.close();
  }

  /** What came back: the status, the status of the inner call, its exception, and the text. */
  public record Answer(int status, String callStatus, String callError, String text) {
    /** The lines {@code key=value} of the text. */
    public Map<String, String> fields() {
      Map<String, String> fields = new TreeMap<>();
      for (String line : text.split("\n")) {
        int at = line.indexOf('=');
        if (at > 0) {
          fields.put(line.substring(0, at), line.substring(at + 1));
        }
      }
      return fields;
    }
  }

  /** How an application is started. */
  public static final class Builder {
    private final String name;
    private String main = "probe.Probe";
    private String container = "9";
    private int port;
    private Jdk jdk = Jdk.current();
    private boolean agent;
    private boolean attach;
    private Consumer<App> before = app -> {};
    private Path agentJar;
    private Path application;
    private boolean measured;
    private boolean webSockets;
    private boolean reactive;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<String> laterJvmOptions = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /** Another main class of the probe; its first arguments are the name and the port. */
    public Builder main(String type) {
      this.main = type;
      return this;
    }

    /** Its times count: all compilers of the JVM in every run, not only in the full one. */
    public Builder measured() {
      this.measured = true;
      return this;
    }

    /** A runnable jar in the place of the probe; its arguments are the name and the port. */
    public Builder application(Path jar) {
      this.application = jar;
      return this;
    }

    /** The Tomcat line: {@code 8.5}, {@code 9}, {@code 10.1} or {@code 11}. */
    public Builder tomcat(String line) {
      return container(line);
    }

    /** A Tomcat line, {@code jetty-9.4} or {@code jetty-12}. */
    public Builder container(String name) {
      this.container = name;
      if (name.startsWith("jetty-")) {
        this.main = "probe.JettyProbe";
      }
      return this;
    }

    /** On Reactor Netty, with clients that hold no thread and a class path of its own. */
    public Builder reactive() {
      this.reactive = true;
      return main("probe.ReactiveProbe");
    }

    /** It has a WebSocket {@code /ws}, of the container's own. */
    public Builder webSockets() {
      this.webSockets = true;
      return argument("ws");
    }

    /** The port to listen on; any free one when it is not set. */
    public Builder port(int number) {
      this.port = number;
      return this;
    }

    /** The JDK to run on. */
    public Builder jdk(Jdk on) {
      this.jdk = on;
      return this;
    }

    /** With the agent, as an instance of a service. */
    public Builder mesh(ControlServer server, String service) {
      this.agent = true;
      settings.put("service-name", service);
      settings.put("control-server", server.url());
      settings.put("join-token", server.token(service));
      return this;
    }

    /** Another agent jar than the finished one. */
    public Builder agentJar(Path jar) {
      this.agentJar = jar;
      return this;
    }

    private Path agentJar() {
      return agentJar == null ? Rig.dist("mesh-agent.jar") : agentJar;
    }

    /** The agent comes when the application already runs. */
    public Builder attach() {
      this.attach = true;
      return this;
    }

    /**
     * The same, when it has been used: classes are loaded, clients made, and connections pooled.
     */
    public Builder attachAfter(Consumer<App> use) {
      this.before = use;
      return attach();
    }

    /** One agent setting, without the prefix {@code mesh.}. */
    public Builder setting(String key, String value) {
      settings.put(key, value);
      return this;
    }

    /** One environment variable. */
    public Builder environment(String key, String value) {
      environment.put(key, value);
      return this;
    }

    /** Its spans go to a collector, soon. */
    public Builder traces(String endpoint) {
      return environment("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
          .environment("OTEL_METRICS_EXPORTER", "none")
          .environment("OTEL_BSP_SCHEDULE_DELAY", "300");
    }

    /** A JVM option. */
    public Builder jvm(String option) {
      jvmOptions.add(option);
      return this;
    }

    /** A JVM option that stands after the agent's: a second agent that starts later. */
    public Builder jvmAfterAgent(String option) {
      laterJvmOptions.add(option);
      return this;
    }

    /** An argument of the application. */
    public Builder argument(String argument) {
      arguments.add(argument);
      return this;
    }

    private Map<String, String> settings(Path directory) {
      Map<String, String> all = new LinkedHashMap<>(settings);
      all.putIfAbsent("cache-dir", directory.resolve("cache").toString());
      all.putIfAbsent("access-log", AccessLog.file(directory).toString());
      return all;
    }

    /** Starts it and waits until it accepts. */
    public App start() {
      App app = new App(name, this);
      app.launch(port);
      return app;
    }
  }
}
