package dev.weft.instrumentation.riders;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A service {@code orders} of two secured instances, of which one only refuses. */
final class Rig implements AutoCloseable {
  private final TestMesh mesh = TestMesh.create();
  private final TestInstance bad;
  private final TestInstance good;
  private final WeavingHarness harness;

  Rig(InstrumentationModule... modules) throws IOException {
    bad =
        TestInstance.secured("orders", mesh.authority().serverContext("orders"))
            .answering(r -> Reply.of(503, "no"));
    good = TestInstance.secured("orders", mesh.authority().serverContext("orders"));
    mesh.service("orders", bad, good).apply();
    harness = WeavingHarness.install(mesh.dataPlane(), modules);
  }

  /** The instance that answers. */
  TestInstance good() {
    return good;
  }

  /** Leaves both instances. */
  void goodAndBad() {
    mesh.clear().service("orders", bad, good).apply();
  }

  /** Leaves only the instance that answers. */
  void goodOnly() {
    mesh.clear().service("orders", good).apply();
  }

  /** Leaves an instance that nobody listens for. */
  void nobody() throws IOException {
    TestInstance gone = TestInstance.secured("orders", mesh.authority().serverContext("orders"));
    gone.close();
    mesh.clear().service("orders", gone).apply();
  }

  /** Makes a hook fail; null mends it. */
  void breakHook(@Nullable String hook) {
    harness.breakHook(hook);
  }

  @Override
  public void close() {
    harness.close();
    bad.close();
    good.close();
  }
}
