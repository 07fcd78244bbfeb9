package dev.weft.benchmarks.chain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts the processes of every mode; they all run for the whole benchmark and end with it. */
final class Stage implements AutoCloseable {
  private final Path work;
  private final Path dist;
  private final List<Process> processes = new ArrayList<>();
  private String controlServer = "";
  private String adminTokenFile = "";
  private long controlServerPid;

  Stage(Path work, Path dist) {
    this.work = work;
    this.dist = dist;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  Mode plain() throws IOException, InterruptedException {
    Link b = link("plain-b", List.of(), Map.of(), "B");
    Link a = link("plain-a", List.of(), Map.of(), "A", "http://127.0.0.1:" + b.port + "/");
    return new Mode("plain", a.port, List.of(a.pid, b.pid));
  }

  Mode tlsByHand(Path keys) throws IOException, InterruptedException {
    Link b = link("tls-b", List.of(), Map.of(), "B", keys.toString());
    Link a =
        link(
            "tls-a",
            List.of(),
            Map.of(),
            "A",
            "https://127.0.0.1:" + b.port + "/",
            keys.toString());
    return new Mode("tls-by-hand", a.port, List.of(a.pid, b.pid));
  }

  /** Both ends behind an HAProxy that does the mutual TLS, as a sidecar pair would. */
  Mode haproxy(Path keysDirectory) throws IOException, InterruptedException {
    Link b = link("haproxy-b", List.of(), Map.of(), "B");
    int inbound = freePort();
    int outbound = freePort();
    String pem = keysDirectory.resolve("both.pem").toString();
    String ca = keysDirectory.resolve("cert.pem").toString();
    String defaults =
        """
        global
          nbthread 1
        defaults
          mode http
          timeout client 30s
          timeout server 30s
          timeout connect 5s
          http-reuse always
        """;
    long in =
        haproxy(
            "inbound",
            defaults
                + """
                frontend f
                  bind 127.0.0.1:%d ssl crt %s ca-file %s verify required
                  default_backend b
                backend b
                  server b 127.0.0.1:%d
                """
                    .formatted(inbound, pem, ca, b.port));
    long out =
        haproxy(
            "outbound",
            defaults
                + """
                frontend f
                  bind 127.0.0.1:%d
                  default_backend b
                backend b
                  server b 127.0.0.1:%d ssl crt %s ca-file %s verify required verifyhost localhost
                """
                    .formatted(outbound, inbound, pem, ca));
    Link a = link("haproxy-a", List.of(), Map.of(), "A", "http://127.0.0.1:" + outbound + "/");
    return new Mode("haproxy-pair", a.port, List.of(a.pid, b.pid, in, out));
  }

  Mode weft(String name, Map<String, String> environment) throws IOException, InterruptedException {
    startControlServer();
    Link b = meshed(name + "-b", "B" + name, environment, "B");
    Link a = meshed(name + "-a", "A" + name, environment, "A", "http://b" + name + ":8080/");
    return new Mode(name, a.port, List.of(a.pid, b.pid, controlServerPid));
  }

  /** The agent is on board, but neither service has anything to do with a mesh. */
  Mode onBoard() throws IOException, InterruptedException {
    startControlServer();
    Link b = meshed("on-board-b", "onboardb", Map.of(), "B");
    Link a = meshed("on-board-a", "onboarda", Map.of(), "A", "http://127.0.0.1:" + b.port + "/");
    return new Mode("on-board", a.port, List.of(a.pid, b.pid));
  }

  private Link meshed(
      String name, String service, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String lower = service.toLowerCase(java.util.Locale.ROOT);
    String token =
        run(
                dist.resolve("meshctl").toString(),
                "token",
                "create",
                "--service",
                lower,
                "--server",
                controlServer,
                "--token-file",
                adminTokenFile)
            .trim();
    List<String> options =
        List.of(
            "-javaagent:" + dist.resolve("mesh-agent.jar"),
            "-Dmesh.service-name=" + lower,
            "-Dmesh.control-server=" + controlServer,
            "-Dmesh.join-token=" + token,
            "-Dmesh.cache-dir=" + work.resolve("cache-" + name));
    return link(name, options, environment, arguments);
  }

  private void startControlServer() throws IOException, InterruptedException {
    if (!controlServer.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of("-jar", dist.resolve("mesh-control-server.jar").toString(), "serve"));
    command.addAll(List.of("--data-dir", work.resolve("control-server").toString()));
    command.addAll(List.of("--listen", "127.0.0.1:0"));
    Process process = start("control-server", command, Map.of());
    controlServerPid = process.pid();
    controlServer = await("control-server", process, "(https://127\\.0\\.0\\.1:\\d+)");
    adminTokenFile = await("control-server", process, "(?m)(/\\S*admin\\S*)\\s*$");
  }

  private Link link(
      String name, List<String> options, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(java());
    // For a profiler in the services, say: -Dchain.service-option=-agentpath:...
    String extra = System.getProperty("chain.service-option", "");
    if (!extra.isEmpty()) {
      command.add(extra);
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ChainService.class.getName());
    command.addAll(List.of(arguments));
    Process process = start(name, command, environment);
    return new Link(Integer.parseInt(await(name, process, "listening on (\\d+)")), process.pid());
  }

  private long haproxy(String name, String configuration) throws IOException {
    Path file = work.resolve("haproxy-" + name + ".cfg");
    Files.writeString(file, configuration);
    return start("haproxy-" + name, List.of("haproxy", "-db", "-f", file.toString()), Map.of())
        .pid();
  }

  private Process start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String await(String name, Process process, String regex)
      throws IOException, InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    for (int i = 0; i < 1200; i++) {
      Matcher matcher = pattern.matcher(Files.readString(work.resolve(name + ".log")));
      if (matcher.find()) {
        return matcher.group(1);
      }
      if (!process.isAlive()) {
        break;
      }
      Thread.sleep(50);
    }
    throw new IOException(
        name + " did not start:\n" + Files.readString(work.resolve(name + ".log")));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
    return output;
  }

  /** Its temporary files, too, go with the work directory. */
  private List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djava.io.tmpdir=" + work,
        "-Xms192m",
        "-Xmx192m",
        "-XX:+UseSerialGC");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }

  private record Link(int port, long pid) {}
}
