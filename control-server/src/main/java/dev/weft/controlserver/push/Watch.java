package dev.weft.controlserver.push;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.weft.controlserver.ca.WorkloadIdentity;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One agent's open stream. At most one line waits in it: the next is written when the agent's
 * connection has taken the last, so a slow agent costs one snapshot of memory and gets the newest
 * state, not every state. Confined to the push thread.
 */
final class Watch {
  private final String instance;
  private final WorkloadIdentity identity;
  private final Instant until;
  private final HttpResponseWriter writer;
  private final Executor pushThread;
  private final Runnable retry;
  private final boolean deltas;
  private boolean busy;
  private boolean missed;
  private long busySince;
  private long lastWrite;
  private SnapshotCache.@Nullable Content sent;
  private boolean held;
  private long sentVersion;
  private long checkedVersion;

  /**
   * @param deltas whether the agent takes a delta for a snapshot
   * @param retry called on the push thread when the stream can take a line again that it had to
   *     miss
   */
  Watch(
      String instance,
      WorkloadIdentity identity,
      Instant until,
      HttpResponseWriter writer,
      Executor pushThread,
      boolean deltas,
      Runnable retry) {
    this.instance = instance;
    this.identity = identity;
    this.until = until;
    this.writer = writer;
    this.pushThread = pushThread;
    this.retry = retry;
    this.deltas = deltas;
  }

  String instance() {
    return instance;
  }

  WorkloadIdentity identity() {
    return identity;
  }

  /** When the certificate ends that this stream was opened with. */
  Instant until() {
    return until;
  }

  HttpResponseWriter writer() {
    return writer;
  }

  void begin() {
    writer.write(
        ResponseHeaders.of(
            HttpStatus.OK,
            HttpHeaderNames.CONTENT_TYPE,
            "application/x-ndjson",
            HttpHeaderNames.CACHE_CONTROL,
            "no-store"));
  }

  /** Takes up what an earlier stream of the same instance had received. */
  void continueFrom(SnapshotCache.Content content, long version) {
    sent = content;
    sentVersion = version;
    held = true;
  }

  /**
   * The agent has not put in force what it was sent: what it holds is not known any more, and the
   * next line is a whole snapshot.
   */
  void refused() {
    held = false;
  }

  /** What the agent has in force, as far as is known; null when that is unknown. */
  SnapshotCache.@Nullable Content held() {
    return held ? sent : null;
  }

  long sentVersion() {
    return sentVersion;
  }

  /** The newest version whose content is what this agent was sent. */
  long checkedVersion() {
    return checkedVersion;
  }

  /** Sends {@code content} unless the agent has it; whether a line was written. */
  boolean offer(SnapshotCache.Content content, long version, long now) {
    if (content == sent) {
      checkedVersion = version;
      return false;
    }
    if (busy) {
      missed = true;
      return false;
    }
    SnapshotCache.Content before = sent;
    Line line =
        deltas && held && before != null
            ? content.line(version, before, sentVersion)
            : content.line(version);
    sent = content;
    sentVersion = version;
    checkedVersion = version;
    held = true;
    write(line, now);
    return true;
  }

  void heartbeat(long now) {
    if (!busy) {
      write(Line.HEARTBEAT, now);
    }
  }

  /** Sends a line beside the snapshots; whether the stream was open. */
  boolean ask(Line line) {
    return writer.tryWrite(line.data());
  }

  /** Sends a last line and ends the stream. */
  void end(Line line) {
    if (writer.tryWrite(line.data())) {
      writer.close();
    }
  }

  void drop() {
    writer.close();
  }

  long idleNanos(long now) {
    return now - lastWrite;
  }

  /** For how long the agent has not taken the last line; 0 when it has. */
  long stuckNanos(long now) {
    return busy ? now - busySince : 0;
  }

  private void write(Line line, long now) {
    if (!writer.tryWrite(line.data())) {
      return;
    }
    busy = true;
    busySince = now;
    lastWrite = now;
    var unused =
        writer
            .whenConsumed()
            .thenRunAsync(
                () -> {
                  busy = false;
                  if (missed) {
                    missed = false;
                    retry.run();
                  }
                },
                pushThread)
            .exceptionally(closed -> null);
  }
}
