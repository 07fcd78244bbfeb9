package dev.weft.dataplane.outbound;

import dev.weft.dataplane.snapshot.CompiledService;

/**
 * A service of the mesh that an authority stands for, as the snapshot in force says. Cheap to get
 * and free to keep: a driver looks the service up again when the snapshot has moved on. Immutable.
 */
public final class Target {
  private final CompiledService service;

  private Target(CompiledService service) {
    this.service = service;
  }

  /** The target for this service; called once per service and snapshot. */
  public static Target of(CompiledService service) {
    return new Target(service);
  }

  /** Canonical host, such as {@code orders.shop.svc.cluster.local}. */
  public String host() {
    return service.host();
  }

  /** The compiled service. */
  public CompiledService service() {
    return service;
  }

  @Override
  public String toString() {
    return service.host();
  }
}
