package dev.weft.controlserver.api;

import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * While the root is replaced: which instances have shown a certificate under the one that signs.
 * Forgotten with a restart, and known again when leases are renewed. Thread-safe.
 */
final class OutdatedInstances {
  private final Registry registry;
  private final Set<String> renewed = ConcurrentHashMap.newKeySet();

  OutdatedInstances(Registry registry) {
    this.registry = registry;
  }

  /** An instance reported, with a certificate under a root that signs no more or does. */
  void saw(String id, boolean outdated) {
    if (outdated) {
      renewed.remove(id);
    } else {
      renewed.add(id);
    }
  }

  /** Another root signs from now on. */
  void promoted() {
    renewed.clear();
  }

  /** The ids of live instances that are not known to have renewed, in order. */
  List<String> live() {
    List<String> live = registry.live().stream().map(RegisteredInstance::id).toList();
    renewed.retainAll(live);
    return live.stream().filter(id -> !renewed.contains(id)).toList();
  }
}
