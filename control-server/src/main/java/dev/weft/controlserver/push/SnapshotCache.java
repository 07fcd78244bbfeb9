package dev.weft.controlserver.push;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.mesh.WorkloadGroups;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotDelta;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compiles once per workload and version, and keeps the earlier content where nothing changed for a
 * workload, so that "has this agent got it already" is a comparison of references. Confined to the
 * push thread.
 */
final class SnapshotCache {
  /** From here on it is worth its while to compare a delta with the whole. */
  private static final int LONG_DELTA = 64 * 1024;

  private final BiFunction<MeshView, Workload, Snapshot> compiler;
  private Map<Workload, Content> current = new HashMap<>();
  private Map<Workload, Content> earlier = new HashMap<>();
  private WorkloadGroups groups = WorkloadGroups.of(List.of());
  private long version = -1;

  /**
   * @param compiler makes the snapshot of a workload, with version 0
   */
  SnapshotCache(BiFunction<MeshView, Workload, Snapshot> compiler) {
    this.compiler = compiler;
  }

  /** The content of one workload, and its lines on the wire for the version asked for last. */
  static final class Content {
    private final Snapshot snapshot;
    private @Nullable Line line;
    private @Nullable Line delta;

    /** Weak: else each content would hold the one before, and that the one before it. */
    private @Nullable WeakReference<Content> deltaFrom;

    private long deltaFromVersion;

    Content(Snapshot snapshot) {
      this.snapshot = snapshot;
    }

    /**
     * What brings an agent here from what it was sent: a delta, or all of it where that is shorter.
     */
    Line line(long version, Content from, long fromVersion) {
      Line known = delta;
      WeakReference<Content> knownFrom = deltaFrom;
      if (known != null
          && known.version() == version
          && knownFrom != null
          && knownFrom.refersTo(from)
          && deltaFromVersion == fromVersion) {
        return known;
      }
      SnapshotDelta made =
          SnapshotDelta.between(
              from.snapshot.toBuilder().version(fromVersion).build(),
              snapshot.toBuilder().version(version).build());
      Line line = made == null ? line(version) : Line.delta(made);
      if (line.length() > LONG_DELTA && line(version).length() < line.length()) {
        line = line(version);
      }
      delta = line;
      deltaFrom = new WeakReference<>(from);
      deltaFromVersion = fromVersion;
      return line;
    }

    Line line(long version) {
      Line made = line;
      if (made == null || made.version() != version) {
        made = Line.snapshot(snapshot.toBuilder().version(version).build());
        line = made;
      }
      return made;
    }
  }

  /** The content for an instance in {@code now}; the same object as before while it is equal. */
  Content get(MeshView now, RegisteredInstance instance) {
    if (version != now.version()) {
      // Groups that nobody asked for since the last version are forgotten with it.
      earlier = current;
      current = new HashMap<>();
      groups = WorkloadGroups.of(now.policy());
      version = now.version();
    }
    return current.computeIfAbsent(
        Workload.of(groups.enrolled(instance)), wanted -> compile(now, wanted));
  }

  private Content compile(MeshView now, Workload workload) {
    Snapshot snapshot = compiler.apply(now, workload);
    Content before = earlier.get(workload);
    return before != null && before.snapshot.equals(snapshot) ? before : new Content(snapshot);
  }
}
