package dev.weft.benchmarks.chain;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Loads one front over kept-alive plaintext connections: at an even rate (open loop: latency counts
 * from when a request was due), or as fast as it answers (closed loop).
 */
final class LoadClient {
  private LoadClient() {}

  /** Figures of one window. */
  record Window(int requests, int failed, double seconds, long p50Micros, long p99Micros) {
    double rate() {
      return requests / seconds;
    }
  }

  /**
   * Runs one window.
   *
   * @param rate requests per second, or 0 for closed loop
   */
  static Window run(int port, int connections, double rate, double seconds)
      throws InterruptedException {
    AtomicLong next = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long[][] latencies = new long[connections][];
    Thread[] threads = new Thread[connections];
    for (int c = 0; c < connections; c++) {
      int index = c;
      threads[c] =
          new Thread(
              () -> latencies[index] = connection(port, rate, start, end, next, failed),
              "load-" + c);
      threads[c].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - start) / 1e9;
    long[] all = Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
    return new Window(
        all.length,
        (int) failed.get(),
        took,
        all.length == 0 ? 0 : all[all.length / 2] / 1000,
        all.length == 0 ? 0 : all[(int) (all.length * 0.99)] / 1000);
  }

  private static long[] connection(
      int port, double rate, long start, long end, AtomicLong next, AtomicLong failed) {
    long[] latencies = new long[1024];
    int count = 0;
    byte[] request = "GET / HTTP/1.1\r\nHost: front\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    Link link = null;
    while (true) {
      long due =
          rate > 0 ? start + (long) (next.getAndIncrement() * 1e9 / rate) : System.nanoTime();
      if (due >= end) {
        break;
      }
      for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      try {
        if (link == null) {
          link = new Link(port);
        }
        boolean keep = link.exchange(request);
        if (count == latencies.length) {
          latencies = Arrays.copyOf(latencies, count * 2);
        }
        latencies[count++] = System.nanoTime() - due;
        if (!keep) {
          link.socket.close();
          link = null;
        }
      } catch (IOException e) {
        failed.incrementAndGet();
        link = null;
      }
    }
    return Arrays.copyOf(latencies, count);
  }

  /** One connection to the front. */
  private static final class Link {
    final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Link(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 8192);
      out = socket.getOutputStream();
    }

    /** Sends one request and reads its answer; true when the connection stays open. */
    boolean exchange(byte[] request) throws IOException {
      out.write(request);
      String status = line();
      if (!status.startsWith("HTTP/1.1 200")) {
        throw new IOException(status);
      }
      int length = -1;
      boolean keep = true;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(header.substring(15).trim());
        } else if (header.equalsIgnoreCase("connection: close")) {
          keep = false;
        }
      }
      if (length < 0 || in.readNBytes(length).length != length) {
        throw new IOException("body cut short");
      }
      return keep;
    }

    private String line() throws IOException {
      StringBuilder text = new StringBuilder(64);
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("closed");
        }
        if (b != '\r') {
          text.append((char) b);
        }
      }
      return text.toString();
    }
  }
}
