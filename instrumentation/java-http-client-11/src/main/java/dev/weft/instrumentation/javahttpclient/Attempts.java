package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.Caller;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the hooks of this client share: which request of the client is which attempt, and which name
 * stands for which instance. Thread-safe.
 */
final class Attempts {
  /** Internal requests made for an attempt. */
  static final Bindings<HopRequest> REQUESTS = new Bindings<>();

  /** Internal exchanges that are answered by the mesh itself. */
  static final Bindings<LocalReply> LOCAL = new Bindings<>();

  /** What the calling thread was working for, by internal multi-exchange. */
  static final Bindings<Caller> CALLERS = new Bindings<>();

  /** More pool keys than this between asking for an address and connecting do not happen. */
  private static final int KEPT = 4096;

  private static volatile ConcurrentHashMap<String, Attempt> young = new ConcurrentHashMap<>();
  private static volatile ConcurrentHashMap<String, Attempt> old = new ConcurrentHashMap<>();

  private Attempts() {}

  /** Remembers the instance behind the attempt's pool key. */
  static void name(Attempt attempt) {
    ConcurrentHashMap<String, Attempt> names = young;
    if (names.put(attempt.poolKey(), attempt) == null && names.size() > KEPT) {
      old = names;
      young = new ConcurrentHashMap<>();
    }
  }

  /** An attempt at the instance that {@code poolKey} stands for, or null when it is no pool key. */
  static @Nullable Attempt named(@Nullable String poolKey) {
    if (poolKey == null) {
      return null;
    }
    Attempt attempt = young.get(poolKey);
    return attempt != null ? attempt : old.get(poolKey);
  }
}
