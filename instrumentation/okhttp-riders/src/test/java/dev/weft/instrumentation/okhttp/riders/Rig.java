package dev.weft.instrumentation.okhttp.riders;

import dev.weft.instrumentation.okhttp.OkHttpModule;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;

/** A service {@code orders} of two secured instances, of which one only refuses. */
final class Rig implements AutoCloseable {
  private final TestMesh mesh = TestMesh.create();
  private final TestInstance bad;
  private final TestInstance good;
  private final WeavingHarness harness;

  Rig() throws IOException {
    bad =
        TestInstance.secured("orders", mesh.authority().serverContext("orders"))
            .answering(r -> Reply.of(503, "no"));
    good = TestInstance.secured("orders", mesh.authority().serverContext("orders"));
    mesh.service("orders", bad, good).apply();
    harness = WeavingHarness.install(mesh.dataPlane(), new OkHttpModule());
  }

  /** The instance that answers. */
  TestInstance good() {
    return good;
  }

  /** Leaves only the instance that answers. */
  void goodOnly() {
    mesh.clear().service("orders", good).apply();
  }

  @Override
  public void close() {
    harness.close();
    bad.close();
    good.close();
  }
}
