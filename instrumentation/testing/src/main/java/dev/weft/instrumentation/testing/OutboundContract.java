package dev.weft.instrumentation.testing;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.support.StatedLimits;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every HTTP client must do under the mesh, theme by theme. The client is made before its
 * library is woven, as when the agent is attached to a running application.
 */
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
@ExtendWith(StatedLimits.class)
public abstract class OutboundContract
    implements MessageCases,
        BodyCases,
        ExpectCases,
        SessionCases,
        BorderCases,
        ConnectionCases,
        RetryCases,
        HedgingCases,
        PolicyCases,
        PlaceCases,
        RoutingCases,
        CancellationCases,
        IdentityCases,
        OriginationCases,
        DefectCases {
  private final OutboundRig rig = new OutboundRig(this);

  /** A client, made anew. Closing it takes back what it set up for the whole JVM. */
  protected abstract ClientUnderTest newClient(ClientSetup setup) throws Exception;

  /** The instrumentation under test. */
  protected abstract InstrumentationModule module();

  /** Binary names of the hooks that a call to a secured instance cannot do without. */
  protected abstract List<String> enforcingHooks();

  /** Binary names of the hooks whose defects a call survives; it is secured all the same. */
  protected List<String> otherHooks() {
    return List.of();
  }

  @Override
  public final OutboundRig rig() {
    return rig;
  }

  @BeforeAll
  final void weave() throws Exception {
    rig.weave();
  }

  @AfterAll
  final void unweave() {
    rig.unweave();
  }

  @AfterEach
  final void stop() {
    rig.stop();
  }
}
