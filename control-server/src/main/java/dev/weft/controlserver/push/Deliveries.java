package dev.weft.controlserver.push;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What instances received and answered, by instance. Thread-safe. */
final class Deliveries {
  private final Map<String, Delivery> byInstance = new ConcurrentHashMap<>();

  Delivery of(String instance) {
    return byInstance.getOrDefault(instance, Delivery.NONE);
  }

  long watching() {
    return byInstance.values().stream().filter(Delivery::watching).count();
  }

  /** A stream holds this by now. */
  void sent(Watch watch) {
    byInstance.compute(
        watch.instance(),
        (id, known) ->
            (known == null ? Delivery.NONE : known)
                .sent(watch.sentVersion(), watch.checkedVersion()));
  }

  void answered(String instance, long version, @Nullable String error) {
    byInstance.compute(
        instance, (id, known) -> (known == null ? Delivery.NONE : known).answered(version, error));
  }

  void left(String instance) {
    byInstance.computeIfPresent(instance, (id, known) -> known.left());
  }

  void forget(Predicate<String> instances) {
    byInstance.keySet().removeIf(instances);
  }
}
