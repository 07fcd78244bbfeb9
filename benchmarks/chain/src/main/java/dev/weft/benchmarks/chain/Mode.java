package dev.weft.benchmarks.chain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One way to connect A and B: its processes, and the port of its front. */
final class Mode {
  /** CPU seconds in half a second: what timers and keep-alive threads take. */
  private static final double AT_REST = 0.04;

  final String name;
  final int port;
  private final List<Long> pids;

  Mode(String name, int port, List<Long> pids) {
    this.name = name;
    this.port = port;
    this.pids = pids;
  }

  /** CPU seconds (user and system) of all its processes so far, as the operating system counts. */
  double cpuSeconds() throws IOException {
    double ticks = 0;
    for (long pid : pids) {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      ticks += Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
    }
    return ticks / 100;
  }

  /**
   * Waits until its processes have come to rest, for at most 20 s. On a slow machine the compilers
   * are still at work when a window ends, and would take the processors from the next one, or be
   * counted as its own.
   */
  void rest() throws IOException, InterruptedException {
    double before = cpuSeconds();
    for (int i = 0; i < 40; i++) {
      Thread.sleep(500);
      double now = cpuSeconds();
      if (now - before <= AT_REST) {
        return;
      }
      before = now;
    }
  }

  /** What one mode measured, over all its windows. */
  static final class Samples {
    final List<Double> rates = new ArrayList<>();
    final List<Double> p50 = new ArrayList<>();
    final List<Double> p99 = new ArrayList<>();
    final List<Double> cpuPerRequest = new ArrayList<>();
    int failed;

    void add(LoadClient.Window window, double cpuSeconds) {
      rates.add(window.rate());
      p50.add((double) window.p50Micros());
      p99.add((double) window.p99Micros());
      cpuPerRequest.add(cpuSeconds * 1e6 / Math.max(1, window.requests()));
      failed += window.failed();
    }

    static double median(List<Double> values) {
      List<Double> sorted = values.stream().sorted().toList();
      int middle = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(middle)
          : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
  }
}
