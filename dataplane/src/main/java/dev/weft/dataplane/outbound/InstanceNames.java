package dev.weft.dataplane.outbound;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which instance a pool key stands for, for clients whose connecting sees nothing of a call but the
 * name of a host: adapters give an instance its pool key as name. Thread-safe.
 */
public final class InstanceNames {
  /** More pool keys than this between asking for an address and connecting do not happen. */
  private static final int KEPT = 4096;

  private volatile ConcurrentHashMap<String, Attempt> young = new ConcurrentHashMap<>();
  private volatile ConcurrentHashMap<String, Attempt> old = new ConcurrentHashMap<>();

  /** Without names. */
  public InstanceNames() {}

  /** Remembers the instance behind the attempt's pool key. */
  public void name(Attempt attempt) {
    ConcurrentHashMap<String, Attempt> names = young;
    if (names.put(attempt.poolKey(), attempt) == null && names.size() > KEPT) {
      old = names;
      young = new ConcurrentHashMap<>();
    }
  }

  /** An attempt at the instance that {@code poolKey} stands for, or null when it is no pool key. */
  public @Nullable Attempt named(@Nullable String poolKey) {
    if (poolKey == null) {
      return null;
    }
    Attempt attempt = young.get(poolKey);
    return attempt != null ? attempt : old.get(poolKey);
  }
}
