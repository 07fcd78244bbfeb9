package dev.weft.controlserver.jwks;

import dev.weft.controlserver.EndUserSettings;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.controlserver.store.MeshStore;
import java.time.Clock;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has keys of issuers fetched when policy changes and when they are due, on threads of its own: an
 * issuer that does not answer holds nobody else up. Thread-safe.
 */
public final class KeyRefresh implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeyRefresh.class);
  private static final int FETCHERS = 4;

  private final ExecutorService fetchers = Executors.newFixedThreadPool(FETCHERS, daemons());
  private final ScheduledExecutorService clockThread =
      Executors.newSingleThreadScheduledExecutor(daemons());
  private final AtomicBoolean asked = new AtomicBoolean();
  private final IssuerKeys keys;

  /**
   * @param store that holds what was fetched last
   * @throws IllegalArgumentException when an origin is malformed
   */
  public KeyRefresh(MeshStore store, EndUserSettings settings, Clock clock) {
    HttpKeyFetcher fetcher =
        new HttpKeyFetcher(KeyOrigins.of(settings.keyOrigins()), settings.keyFiles());
    this.keys = new IssuerKeys(store, fetcher, fetchers, clock, settings.keyRefresh());
  }

  private static ThreadFactory daemons() {
    return task -> {
      Thread made = new Thread(task, "weft-jwks");
      made.setDaemon(true);
      return made;
    };
  }

  /** What there is. */
  public IssuerKeys keys() {
    return keys;
  }

  /** Begins to fetch what {@code policy} names; a change of keys is a change of {@code mesh}. */
  public void start(Supplier<Collection<StoredResource>> policy, Mesh mesh) {
    Runnable look =
        () -> {
          asked.set(false);
          try {
            keys.look(policy, mesh);
          } catch (RuntimeException e) {
            log.error("keys of issuers are looked for again in a second", e);
          }
        };
    mesh.onChange(
        () -> {
          if (asked.compareAndSet(false, true)) {
            try {
              clockThread.execute(look);
            } catch (RejectedExecutionException closing) {
              // The server is going down; what was fetched is kept.
            }
          }
        });
    var unused = clockThread.scheduleWithFixedDelay(look, 0, 1, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    clockThread.shutdownNow();
    fetchers.shutdownNow();
  }
}
