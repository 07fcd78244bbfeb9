package dev.weft.benchmarks;

import dev.weft.controlserver.compile.SnapshotCompiler;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import dev.weft.policy.snapshot.SnapshotDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the control server needs to compile a mesh, anew and after one change, what it then sends,
 * and what an agent holds. Prints; asserts nothing. {@code java -cp benchmarks.jar
 * dev.weft.benchmarks.CompileMesh [services] [instances of each]}
 */
public final class CompileMesh {
  private static final int ROUNDS = 60;

  private final WholeMesh mesh;
  private final SnapshotCompiler compiler = new SnapshotCompiler();

  private CompileMesh(int services, int instancesEach) {
    this.mesh = new WholeMesh(services, instancesEach);
    System.out.printf(
        "%,d services, %,d instances, %,d resources of policy%n",
        services, services * instancesEach, mesh.resources());
  }

  /** Runs all of it. */
  public static void main(String[] args) {
    int services = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int instancesEach = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    CompileMesh whole = new CompileMesh(services, instancesEach);
    whole.anew();
    whole.changes("one agent", List.of(WholeMesh.workload(3)));
    whole.changes("all workloads", whole.mesh.workloads());
    whole.agent("without a Sidecar");
    whole.mesh.addSidecar(3);
    whole.agent("with a Sidecar of ten hosts");
    for (int i = 4; i < 13; i++) {
      whole.mesh.addSidecar(i);
    }
    whole.changes("all workloads, each with a Sidecar", whole.mesh.workloads());
  }

  private void anew() {
    MeshView view = mesh.view();
    long first = 0;
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long begin = System.nanoTime();
      new SnapshotCompiler().compile(view, WholeMesh.workload(3));
      times.add(System.nanoTime() - begin);
      first = times.get(0);
    }
    print("snapshot of one agent, anew (the first in this JVM: " + millis(first) + ")", times);
    long begin = System.nanoTime();
    SnapshotCompiler all = new SnapshotCompiler();
    mesh.workloads().forEach(workload -> all.compile(view, workload));
    System.out.printf("snapshots of all workloads, anew: %s%n", millis(System.nanoTime() - begin));
  }

  private void changes(String whose, List<Workload> workloads) {
    Map<Workload, Snapshot> before = new HashMap<>();
    MeshView start = mesh.view();
    workloads.forEach(
        workload -> before.put(workload, versioned(compiler.compile(start, workload), start)));
    List<Long> compiling = new ArrayList<>();
    List<Long> telling = new ArrayList<>();
    int longest = 0;
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 2 == 0) {
        mesh.changeRule(6, i % 4 == 0);
      } else {
        mesh.moveInstance(37, 8081 + i);
      }
      MeshView view = mesh.view();
      long begin = System.nanoTime();
      List<Snapshot> after = new ArrayList<>(workloads.size());
      workloads.forEach(workload -> after.add(compiler.compile(view, workload)));
      long compiled = System.nanoTime();
      for (int g = 0; g < workloads.size(); g++) {
        Snapshot now = versioned(after.get(g), view);
        Snapshot former = before.put(workloads.get(g), now);
        SnapshotDelta delta = former == null ? null : SnapshotDelta.between(former, now);
        longest = Math.max(longest, delta == null ? 0 : SnapshotCodec.write(delta).length);
      }
      compiling.add(compiled - begin);
      telling.add(System.nanoTime() - compiled);
    }
    print("one change, " + whose + ": compiling", compiling);
    print("one change, " + whose + ": deltas", telling);
    System.out.printf("one change, %s: longest delta %,d bytes%n", whose, longest);
  }

  private static Snapshot versioned(Snapshot snapshot, MeshView view) {
    return snapshot.toBuilder().version(view.version()).build();
  }

  private void agent(String how) {
    MeshView view = mesh.view();
    Snapshot snapshot = versioned(compiler.compile(view, WholeMesh.workload(3)), view);
    byte[] document = SnapshotCodec.write(snapshot);
    List<Object> held = new ArrayList<>();
    int copies = Math.max(1, 20_000_000 / document.length / 4);
    long empty = used();
    for (int i = 0; i < copies; i++) {
      SnapshotHolder holder = SnapshotHolder.create();
      holder.apply(SnapshotCodec.read(document));
      held.add(holder);
    }
    long bytes = (used() - empty) / held.size();
    System.out.printf(
        "agent %s: %,d services, %,d bytes on the wire, about %,d bytes of heap%n",
        how, snapshot.services.size(), document.length, bytes);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void print(String what, List<Long> nanos) {
    List<Long> warm = new ArrayList<>(nanos.subList(nanos.size() / 2, nanos.size()));
    warm.sort(null);
    System.out.printf(
        "%s: median %s, max %s%n",
        what, millis(warm.get(warm.size() / 2)), millis(warm.get(warm.size() - 1)));
  }

  private static String millis(long nanos) {
    return String.format("%.1f ms", nanos / 1e6);
  }
}
