package dev.weft.benchmarks.chain;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares ways to connect two services: nothing, Weft, TLS by hand, a sidecar pair. All modes run
 * in one go, their windows interleaved, so that a machine whose speed drifts is fair to all.
 *
 * <p>{@code java -jar chain.jar DIST [windows] [seconds] [mode,mode,...]}; every latency is in
 * microseconds, CPU is of A, B and what stands between them.
 */
public final class ChainBenchmark {
  /** So many that the compilers have come to rest: their CPU would count as the mode's. */
  private static final int WARM_UP_WINDOWS = 20;

  private ChainBenchmark() {}

  /**
   * Runs and prints a table.
   *
   * @param args the directory with the finished jars; windows a mode (8); seconds a window (5)
   */
  public static void main(String[] args) throws Exception {
    Path dist = Path.of(args[0]).toAbsolutePath();
    int windows = args.length > 1 ? Integer.parseInt(args[1]) : 8;
    double seconds = args.length > 2 ? Double.parseDouble(args[2]) : 5;
    List<String> wanted =
        args.length > 3
            ? List.of(args[3].split(","))
            : List.of("plain", "weft", "weft-traced", "tls-by-hand", "haproxy-pair", "on-board");
    Path work = Files.createTempDirectory("weft-chain");
    System.err.println("logs are in " + work + " until all went well");
    HttpServer collector = collector();
    try (Stage stage = new Stage(work, dist)) {
      List<Mode> modes = new ArrayList<>();
      for (String name : wanted) {
        modes.add(mode(stage, name, work, collector.getAddress().getPort()));
      }
      System.out.println(
          machine() + ", " + windows + " windows of " + seconds + " s a mode, interleaved");
      for (int i = 0; i < WARM_UP_WINDOWS; i++) {
        for (Mode mode : modes) {
          LoadClient.run(mode.port, 32, 0, seconds);
          mode.rest();
        }
      }
      measure("closed loop, 32 connections", modes, windows, 32, 0, seconds);
      measure("open loop, 1000 requests/s", modes, windows, 32, 1000, seconds);
    } finally {
      collector.stop(0);
    }
    delete(work);
    System.exit(0);
  }

  private static Mode mode(Stage stage, String name, Path work, int collectorPort)
      throws IOException, InterruptedException {
    return switch (name) {
      case "plain" -> stage.plain();
      case "tls-by-hand" -> stage.tlsByHand(Keys.make(directory(work, "tls")));
      case "haproxy-pair" -> {
        Path keys = directory(work, "haproxy");
        Keys.make(keys);
        yield stage.haproxy(keys);
      }
      case "weft" -> stage.weft("weft", Map.of());
      case "weft-traced" ->
          stage.weft(
              "weft-traced",
              Map.of(
                  "OTEL_EXPORTER_OTLP_ENDPOINT",
                  "http://127.0.0.1:" + collectorPort,
                  "OTEL_METRICS_EXPORTER",
                  "none"));
      case "on-board" -> stage.onBoard();
      default -> throw new IOException("unknown mode " + name);
    };
  }

  private static void measure(
      String title, List<Mode> modes, int windows, int connections, double rate, double seconds)
      throws IOException, InterruptedException {
    Map<String, Mode.Samples> samples = new LinkedHashMap<>();
    for (int w = 0; w < windows; w++) {
      for (Mode mode : modes) {
        double before = mode.cpuSeconds();
        LoadClient.Window window = LoadClient.run(mode.port, connections, rate, seconds);
        samples
            .computeIfAbsent(mode.name, n -> new Mode.Samples())
            .add(window, mode.cpuSeconds() - before);
        mode.rest();
      }
    }
    System.out.println("\n" + title + " (medians)");
    System.out.printf(
        "%-14s %10s %9s %9s %12s %8s %8s %8s%n",
        "mode", "requests/s", "p50 us", "p99 us", "CPU us/req", "x rate", "x CPU", "failed");
    Mode.Samples first = samples.values().iterator().next();
    samples.forEach(
        (name, s) ->
            System.out.printf(
                Locale.ROOT,
                "%-14s %10.0f %9.0f %9.0f %12.0f %8.2f %8.2f %8d%n",
                name,
                Mode.Samples.median(s.rates),
                Mode.Samples.median(s.p50),
                Mode.Samples.median(s.p99),
                Mode.Samples.median(s.cpuPerRequest),
                Mode.Samples.median(s.rates) / Mode.Samples.median(first.rates),
                Mode.Samples.median(s.cpuPerRequest) / Mode.Samples.median(first.cpuPerRequest),
                s.failed));
  }

  private static void delete(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Path directory(Path work, String name) throws IOException {
    return Files.createDirectories(work.resolve(name));
  }

  /** Takes spans and throws them away. */
  private static HttpServer collector() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String machine() throws IOException {
    String cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(l -> l.startsWith("model name"))
            .findFirst()
            .map(l -> l.substring(l.indexOf(':') + 2))
            .orElse("unknown processor");
    return Runtime.getRuntime().availableProcessors() + " x " + cpu + ", JDK " + Runtime.version();
  }
}
