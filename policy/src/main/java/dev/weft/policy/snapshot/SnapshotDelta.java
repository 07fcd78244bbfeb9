package dev.weft.policy.snapshot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What leads from one snapshot to a later one of the same epoch. Applied to the snapshot that it
 * was made from it gives exactly the later one; to any other it is not applied. Immutable.
 *
 * <p>Services and their endpoints change one by one, everything else field by field of the
 * document.
 */
public final class SnapshotDelta {
  /** Version of the snapshot that it is applied to. */
  public final long base;

  /** The epoch of both. */
  public final String epoch;

  /** Version of what comes out. */
  public final long version;

  private final HeadDelta head;
  private final List<Service> fresh;
  private final List<ServiceDelta> changed;
  private final List<String> gone;

  private SnapshotDelta(
      long base,
      String epoch,
      long version,
      HeadDelta head,
      List<Service> fresh,
      List<ServiceDelta> changed,
      List<String> gone) {
    this.base = base;
    this.epoch = epoch;
    this.version = version;
    this.head = head;
    this.fresh = Copies.of(fresh);
    this.changed = Copies.of(changed);
    this.gone = Copies.of(gone);
  }

  /**
   * Returns what leads from one snapshot to another, or null when a delta cannot say it: they are
   * of different epochs, or their services not in the order of their hosts.
   */
  public static @Nullable SnapshotDelta between(Snapshot before, Snapshot after) {
    if (!before.epoch.equals(after.epoch)) {
      return null;
    }
    List<Service> fresh = new ArrayList<>();
    List<ServiceDelta> changed = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    int next = 0;
    for (Service service : after.services) {
      while (next < before.services.size()
          && before.services.get(next).host.compareTo(service.host) < 0) {
        gone.add(before.services.get(next++).host);
      }
      Service known = next < before.services.size() ? before.services.get(next) : null;
      if (known == null || !known.host.equals(service.host)) {
        fresh.add(service);
        continue;
      }
      next++;
      if (!known.equals(service)) {
        changed.add(ServiceDelta.between(known, service));
      }
    }
    for (; next < before.services.size(); next++) {
      gone.add(before.services.get(next).host);
    }
    SnapshotDelta delta =
        new SnapshotDelta(
            before.version,
            after.epoch,
            after.version,
            HeadDelta.between(before, after),
            fresh,
            changed,
            gone);
    return delta.says(before, after) ? delta : null;
  }

  private boolean says(Snapshot before, Snapshot after) {
    try {
      return applyTo(before).equals(after);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns the later snapshot.
   *
   * @param before the snapshot in force, null for none
   * @throws IllegalArgumentException when that is not the one that this was made from
   */
  public Snapshot applyTo(@Nullable Snapshot before) {
    if (before == null || before.version != base || !before.epoch.equals(epoch)) {
      throw new IllegalArgumentException(
          "a change of version "
              + base
              + " came, but version "
              + (before == null ? 0 : before.version)
              + (before == null || before.epoch.equals(epoch) ? "" : " of another epoch")
              + " is in force");
    }
    Set<String> left = new HashSet<>(gone);
    List<Service> services = new ArrayList<>(before.services.size() + fresh.size());
    int nextFresh = 0;
    int nextChanged = 0;
    for (Service service : before.services) {
      while (nextFresh < fresh.size() && fresh.get(nextFresh).host.compareTo(service.host) < 0) {
        services.add(fresh.get(nextFresh++));
      }
      if (nextChanged < changed.size() && changed.get(nextChanged).host.equals(service.host)) {
        services.add(changed.get(nextChanged++).on(service));
      } else if (!left.contains(service.host)) {
        services.add(service);
      }
    }
    services.addAll(fresh.subList(nextFresh, fresh.size()));
    if (nextChanged < changed.size()) {
      throw new IllegalArgumentException(
          "a change of " + changed.get(nextChanged).host + " came, which is not in force");
    }
    return head.on(before).version(version).epoch(epoch).services(services).build();
  }

  Map<String, Object> write() {
    return head.write(
            new JsonWriter()
                .number("base", base, 0)
                .text("epoch", epoch)
                .number("version", version, 0))
        .list("services", fresh, SnapshotWriter::write)
        .list("changed", changed, ServiceDelta::write)
        .list("gone", gone)
        .map();
  }

  static SnapshotDelta read(JsonObject from) {
    return new SnapshotDelta(
        from.longValue("base", 0),
        from.text("epoch", ""),
        from.longValue("version", 0),
        HeadDelta.read(from),
        from.objects("services", SnapshotReader::service),
        from.objects("changed", ServiceDelta::read),
        from.texts("gone"));
  }
}
