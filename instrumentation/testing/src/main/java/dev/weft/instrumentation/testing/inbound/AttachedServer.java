package dev.weft.instrumentation.testing.inbound;

import dev.weft.instrumentation.testing.support.StatedLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** One server for all cases of a suite: it is there first, and the agent is attached to it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(StatedLimits.class)
abstract class AttachedServer {
  private @Nullable InboundRig rig;

  /** Starts the server and attaches. */
  protected abstract InboundRig attach() throws Exception;

  /** What is asked before the server has an identity. */
  void beforeJoining() throws Exception {}

  /** The server that is attached to. */
  public final InboundRig rig() {
    if (rig == null) {
      throw new IllegalStateException("the server has not started");
    }
    return rig;
  }

  @BeforeAll
  void start() throws Exception {
    rig = attach();
    beforeJoining();
    rig.mesh().join();
  }

  @AfterAll
  void stop() {
    if (rig != null) {
      rig.close();
    }
  }
}
