package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.io.IOException;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * What no attempt of the mesh is for. To the outside it is the application's own affair. To a
 * service it came past the driver: it would go out in plaintext and without identity, and where the
 * service is permissive it would be served, past every rule for the outgoing side. What enforces
 * refuses what it did not decide (promise G1), therefore it is refused, as from a client whose hook
 * failed.
 */
final class Unsent {
  private Unsent() {}

  /**
   * What advice of an operator shall do with a connection.
   *
   * @param lacking what it came without, and the mesh is in
   */
  static Object connection(HookContext mesh, HttpHost host, String lacking) {
    IOException refusal = refusal(mesh, host, lacking);
    return refusal == null ? Permit.GRANTED : Outcome.failed(refusal);
  }

  /** Why a call may not go on, or null when it may. */
  static @Nullable IOException refusal(HookContext mesh, HttpHost host, String lacking) {
    String authority = HopRequest.authorityOf(host);
    if (mesh.dataPlane().blocking().resolve(HopRequest.schemeOf(host), authority) == null) {
      return null;
    }
    return new IOException(
        "call to "
            + authority
            + " refused by the service mesh: it came without "
            + lacking
            + ", where the mesh is");
  }
}
