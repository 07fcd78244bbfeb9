package dev.weft.controlserver;

import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.identity.JoinTokens;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.registry.InstanceMemory;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.store.MeshStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens by the clock: leases end, instances are remembered, tokens are forgotten, the issuer
 * is renewed.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration SAVE_DELAY = Duration.ofMillis(200);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "weft-housekeeping");
            made.setDaemon(true);
            return made;
          });
  private final Mesh mesh;
  private final Registry registry;
  private final InstanceMemory memory;
  private final JoinTokens tokens;
  private final CertificateAuthority authority;
  private final MeshStore store;
  private final AtomicBoolean saveDue = new AtomicBoolean();

  Housekeeping(
      Mesh mesh,
      Registry registry,
      InstanceMemory memory,
      JoinTokens tokens,
      CertificateAuthority authority,
      MeshStore store) {
    this.mesh = mesh;
    this.registry = registry;
    this.memory = memory;
    this.tokens = tokens;
    this.authority = authority;
    this.store = store;
  }

  void start(Duration lease) {
    long sweep = Math.max(100, Math.min(1000, lease.toMillis() / 10));
    every(sweep, () -> mesh.change(upcoming -> registry.sweep()));
    every(TimeUnit.HOURS.toMillis(1), this::hourly);
    mesh.onChange(
        () -> {
          if (saveDue.compareAndSet(false, true)) {
            var unused =
                thread.schedule(guarded(this::save), SAVE_DELAY.toMillis(), TimeUnit.MILLISECONDS);
          }
        });
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    guarded(() -> memory.save(registry)).run();
  }

  private void save() {
    saveDue.set(false);
    memory.save(registry);
  }

  private void hourly() {
    tokens.removeExpired();
    authority.renewIssuerWhenDue();
    store.compact();
  }

  private void every(long millis, Runnable task) {
    var unused =
        thread.scheduleWithFixedDelay(guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("housekeeping failed and is tried again: {}", e.getMessage(), e);
      }
    };
  }
}
