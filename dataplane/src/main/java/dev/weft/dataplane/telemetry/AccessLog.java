package dev.weft.dataplane.telemetry;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON per request, both directions, and per slow or refused statement. Requests put
 * their facts in a ring and go on; one thread formats and writes. A full ring or a failing disk
 * drops lines and counts them.
 */
final class AccessLog {

  private static final int RING_SIZE = 8_192;
  private static final int BATCH_BYTES = 32_768;
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Ring<LogLine> ring;
  private final OutputStream out;
  private final LongAdder drops;
  private final Thread writer;
  private volatile boolean closed;
  private volatile boolean idle;

  private AccessLog(OutputStream out, LongAdder drops, int capacity, ThreadFactory threads) {
    this.ring = new Ring<>(capacity);
    this.out = out;
    this.drops = drops;
    this.writer = threads.newThread(this::write);
  }

  /**
   * Opens the log.
   *
   * @param target {@code stdout}, or the path of a file that is appended to
   * @throws IOException when the file cannot be opened
   */
  static AccessLog open(String target, LongAdder drops, ThreadFactory threads) throws IOException {
    // The descriptor, not System.out: applications replace System.out by loggers that would call
    // back into them.
    OutputStream out =
        target.equals("stdout")
            ? new FileOutputStream(FileDescriptor.out)
            : new FileOutputStream(new File(target), true);
    return open(out, drops, RING_SIZE, threads);
  }

  static AccessLog open(OutputStream out, LongAdder drops, int capacity, ThreadFactory threads) {
    AccessLog log = new AccessLog(out, drops, capacity, threads);
    log.writer.start();
    return log;
  }

  /** Takes what is over; never waits. */
  void offer(LogLine entry) {
    if (!ring.offer(entry)) {
      drops.increment();
    } else if (idle) {
      LockSupport.unpark(writer);
    }
  }

  /** Writes what waits, for at most {@code nanos}, and stops. */
  void close(long nanos) {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    StringBuilder batch = new StringBuilder(BATCH_BYTES);
    int lines = 0;
    while (true) {
      LogLine next = ring.poll();
      if (next != null) {
        batch.append(next.line());
        lines++;
      }
      if (lines > 0 && (next == null || batch.length() >= BATCH_BYTES)) {
        flush(batch, lines);
        batch.setLength(0);
        lines = 0;
      }
      if (next == null) {
        if (closed && !ring.hasNext()) {
          return;
        }
        idle = true;
        // Seen idle or found in the ring: a producer's element is not missed for longer than the
        // park.
        if (!ring.hasNext()) {
          LockSupport.parkNanos(this, IDLE_NANOS);
        }
        idle = false;
      }
    }
  }

  private void flush(StringBuilder batch, int lines) {
    try {
      out.write(batch.toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException | RuntimeException e) {
      drops.add(lines);
    }
  }

  static String line(Exchange exchange) {
    TraceContext context = exchange.context;
    boolean outbound = exchange.direction == Exchange.Direction.OUTBOUND;
    return new JsonLine()
        .field("time", Instant.ofEpochMilli(exchange.startEpochNanos / 1_000_000).toString())
        .field("direction", outbound ? "outbound" : "inbound")
        .field("method", exchange.method)
        .field("authority", exchange.authority)
        .field("path", UrlText.redact(exchange.path))
        .field("status", exchange.status)
        .field("flag", exchange.flag)
        .field("detail", exchange.detail)
        .field("audit", exchange.audit)
        .field("duration_us", TimeUnit.NANOSECONDS.toMicros(exchange.durationNanos))
        .field("service", exchange.service)
        .field("route", exchange.route)
        .field(outbound ? "endpoint" : "remote", endpoint(exchange))
        .field("attempts", exchange.attempts)
        .field("peer", exchange.peer)
        .field("error", exchange.errorType)
        .field("trace_id", context == null ? null : context.traceId())
        .field("span_id", context == null || !exchange.recorded ? null : context.spanId())
        .end();
  }

  private static @Nullable String endpoint(Exchange exchange) {
    String address = exchange.endpointAddress;
    if (address == null) {
      return null;
    }
    boolean ipv6 = address.indexOf(':') >= 0;
    return (ipv6 ? "[" + address + "]" : address)
        + (exchange.endpointPort > 0 ? ":" + exchange.endpointPort : "");
  }
}
