package dev.weft.controlserver.push;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What instances without a stream were sent last, so that one that comes back with it gets a delta,
 * or nothing, and not all of it again. Confined to the push thread.
 */
final class Holding {
  private final Map<String, Sent> byInstance = new HashMap<>();

  private record Sent(SnapshotCache.Content content, long version) {}

  /** A stream has ended. */
  void left(Watch watch) {
    SnapshotCache.Content content = watch.held();
    if (content == null) {
      byInstance.remove(watch.instance());
    } else {
      byInstance.put(watch.instance(), new Sent(content, watch.sentVersion()));
    }
  }

  /**
   * A stream has begun: it goes on from what the instance was sent before, when that is what it
   * has.
   *
   * @param version that the agent has in force
   * @param sameEpoch whether that is a version of this run of the server
   */
  void resume(Watch watch, long version, boolean sameEpoch) {
    Sent sent = byInstance.remove(watch.instance());
    if (sent != null && sameEpoch && sent.version == version) {
      watch.continueFrom(sent.content, version);
    }
  }

  /** An instance has not put in force what it was sent last. */
  void refused(@Nullable Watch watch, String instance) {
    byInstance.remove(instance);
    if (watch != null) {
      watch.refused();
    }
  }

  void forget(Predicate<String> instances) {
    byInstance.keySet().removeIf(instances);
  }
}
