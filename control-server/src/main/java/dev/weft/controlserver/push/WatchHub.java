package dev.weft.controlserver.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import dev.weft.policy.snapshot.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open watch streams, and who has which version. Changes are collected for {@link #DEBOUNCE}
 * and pushed together, to each agent only when its own content differs.
 *
 * <p>All streams are handled by one thread, so nothing here is locked; public methods may be called
 * by any thread.
 */
public final class WatchHub {
  /** How long changes are collected before they are pushed. */
  static final Duration DEBOUNCE = Duration.ofMillis(20);

  static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /**
   * An agent that has not taken a line for this long is cut off; it comes back for the newest
   * state.
   */
  static final Duration STUCK = Duration.ofSeconds(20);

  private static final Logger log = LoggerFactory.getLogger(WatchHub.class);

  private final Mesh mesh;
  private final Registry registry;
  private final ScheduledExecutorService pushThread;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final PushObserver observer;
  private final SnapshotCache cache;
  private final Map<String, Watch> watches = new HashMap<>();
  private final Holding holding = new Holding();
  private final Deliveries deliveries = new Deliveries();
  private final AtomicLong changedAt = new AtomicLong();

  /** Told about pushes, for metrics. */
  public interface PushObserver {
    /** A pass wrote {@code lines} snapshots {@code nanos} after the first change it carries. */
    void pushed(int lines, long nanos);

    /** A slow agent was cut off. */
    void dropped();
  }

  public WatchHub(
      Mesh mesh,
      Registry registry,
      BiFunction<MeshView, Workload, Snapshot> compiler,
      ScheduledExecutorService pushThread,
      Clock clock,
      LongSupplier nanoTime,
      PushObserver observer) {
    this.mesh = mesh;
    this.registry = registry;
    this.cache = new SnapshotCache(compiler);
    this.pushThread = pushThread;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.observer = observer;
  }

  /** Begins to heartbeat and to listen for changes. */
  public void start() {
    mesh.onChange(this::changed);
    var unused = pushThread.scheduleWithFixedDelay(guarded(this::tick), 1, 1, TimeUnit.SECONDS);
  }

  /**
   * Opens a stream. Its first line comes at once: the snapshot unless the agent has exactly what it
   * should have, else a heartbeat. An instance that has not registered yet gets its snapshot as
   * soon as it has: before, its labels and so the policy meant for it are not known.
   *
   * @param until when the stream ends at the latest: with the certificate that it was opened with
   * @param version what the agent has in force, as of {@code epoch}
   * @param deltas whether it takes deltas for snapshots
   */
  public HttpResponse open(
      String instance,
      WorkloadIdentity identity,
      Instant until,
      long version,
      String epoch,
      boolean deltas) {
    HttpResponseWriter writer = HttpResponse.streaming();
    Watch[] self = new Watch[1];
    Watch watch =
        new Watch(instance, identity, until, writer, pushThread, deltas, () -> push(self[0]));
    self[0] = watch;
    watch.begin();
    pushThread.execute(guarded(() -> begin(watch, version, epoch)));
    var unused =
        writer.whenComplete().whenComplete((done, failure) -> runOnPushThread(() -> closed(watch)));
    return writer;
  }

  /** Notes an agent's answer to a snapshot; {@code error} null means that it is in force. */
  public void acknowledge(String instance, long version, @Nullable String error) {
    deliveries.answered(instance, version, error);
    if (error != null) {
      runOnPushThread(() -> holding.refused(watches.get(instance), instance));
    }
  }

  public Delivery delivery(String instance) {
    return deliveries.of(instance);
  }

  public long watching() {
    return deliveries.watching();
  }

  /**
   * Sends a question to an instance; its answer comes by {@code questions}.
   *
   * @return completed exceptionally when the instance does not watch here, or does not answer
   */
  public CompletableFuture<JsonNode> ask(
      Questions questions, String instance, ObjectNode question) {
    return questions.ask(
        instance,
        id ->
            runOnPushThread(
                () -> {
                  Watch watch = watches.get(instance);
                  if (watch == null || !watch.ask(Line.question(id, question))) {
                    questions.fail(id, "it is not connected to this control server");
                  }
                }));
  }

  /** Ends the streams of an identity that is no longer trusted, telling them so. */
  public void withdrawn(WorkloadIdentity identity, String reason) {
    runOnPushThread(
        () ->
            watches.values().stream()
                .filter(watch -> watch.identity().equals(identity))
                .forEach(watch -> watch.end(Line.withdrawn(reason))));
  }

  /** Ends all streams, so that agents show their certificates again. */
  public void reconnect() {
    runOnPushThread(() -> watches.values().forEach(Watch::drop));
  }

  /** Ends all streams, so that agents look for another server at once. */
  public void close() {
    reconnect();
  }

  private void begin(Watch watch, long version, String epoch) {
    Watch before = watches.put(watch.instance(), watch);
    if (before != null) {
      before.drop();
      holding.left(before);
    }
    holding.resume(watch, version, epoch.equals(mesh.view().epoch()));
    deliveries.sent(watch);
    if (!push(watch)) {
      watch.heartbeat(nanoTime.getAsLong());
    }
  }

  private void closed(Watch watch) {
    if (watches.remove(watch.instance(), watch)) {
      holding.left(watch);
      deliveries.left(watch.instance());
    }
  }

  private void changed() {
    if (changedAt.compareAndSet(0, nanoTime.getAsLong())) {
      try {
        var unused =
            pushThread.schedule(guarded(this::pushAll), DEBOUNCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closing) {
        // The server is going down; agents keep what they have.
      }
    }
  }

  private void pushAll() {
    long since = changedAt.getAndSet(0);
    int lines = 0;
    for (Watch watch : watches.values()) {
      try {
        lines += push(watch) ? 1 : 0;
      } catch (RuntimeException e) {
        // One workload's policy must not keep the others from theirs.
        log.error("the snapshot for instance {} could not be made", watch.instance(), e);
      }
    }
    if (lines > 0) {
      observer.pushed(lines, nanoTime.getAsLong() - since);
    }
  }

  /** Brings one stream up to date; whether a line was written. */
  private boolean push(Watch watch) {
    RegisteredInstance instance = registry.find(watch.instance());
    if (instance == null || !instance.identity().equals(watch.identity())) {
      return false;
    }
    MeshView view = mesh.view();
    boolean written = watch.offer(cache.get(view, instance), view.version(), nanoTime.getAsLong());
    deliveries.sent(watch);
    return written;
  }

  private void tick() {
    long now = nanoTime.getAsLong();
    for (Watch watch : watches.values()) {
      if (watch.stuckNanos(now) > STUCK.toNanos()) {
        observer.dropped();
        watch.drop();
      } else if (clock.instant().isAfter(watch.until())) {
        // The agent comes back with the certificate that it has by now, or is told to join again.
        watch.drop();
      } else if (watch.idleNanos(now) >= HEARTBEAT.toNanos()) {
        watch.heartbeat(now);
      }
    }
    deliveries.forget(id -> !watches.containsKey(id) && registry.find(id) == null);
    holding.forget(id -> registry.find(id) == null);
  }

  private void runOnPushThread(Runnable task) {
    try {
      pushThread.execute(guarded(task));
    } catch (RejectedExecutionException closing) {
      // The server is going down, and the streams with it.
    }
  }

  /** A failure must not end the thread's schedule: every agent depends on it. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("a push failed; the next change tries again", e);
      }
    };
  }
}
