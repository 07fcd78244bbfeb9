package dev.weft.dataplane.inbound;

import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.LoadShedding;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What sheds the load of a workload: one for each port that policy counts by itself, and one for
 * all others. Thread-safe.
 */
final class LoadShedders {
  private final @Nullable LoadShedder others;
  private final Map<Integer, LoadShedder> ports;

  private LoadShedders(@Nullable LoadShedder others, Map<Integer, LoadShedder> ports) {
    this.others = others;
    this.ports = ports;
  }

  /**
   * Compiles what the policy says of load; null when nothing is shed.
   *
   * @param former those before: what they have found out goes on while their bounds are the same
   * @throws IllegalArgumentException when a value cannot be understood
   */
  static @Nullable LoadShedders of(
      InboundPolicy policy, @Nullable LoadShedders former, long nowNanos) {
    if (policy.shedding == null && policy.portShedding.isEmpty()) {
      return null;
    }
    Map<Integer, LoadShedder> ports = new HashMap<>();
    for (Map.Entry<Integer, LoadShedding> port : policy.portShedding.entrySet()) {
      LoadShedder before = former == null ? null : former.ports.get(port.getKey());
      ports.put(port.getKey(), LoadShedder.of(port.getValue(), before, nowNanos));
    }
    LoadShedding others = policy.shedding;
    return new LoadShedders(
        others == null
            ? null
            : LoadShedder.of(others, former == null ? null : former.others, nowNanos),
        ports);
  }

  /** What sheds the load of a local port; null when nothing does. */
  @Nullable LoadShedder on(int port) {
    LoadShedder own = ports.isEmpty() ? null : ports.get(port);
    return own == null ? others : own;
  }

  /** Adds something of all of them up. */
  int sum(ToIntFunction<ConcurrencyLimit> value) {
    int sum = others == null ? 0 : value.applyAsInt(others.limit());
    for (LoadShedder port : ports.values()) {
      sum += value.applyAsInt(port.limit());
    }
    return sum;
  }
}
