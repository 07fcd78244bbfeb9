package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.io.IOException;
import org.apache.http.HttpHost;

/**
 * Connections that no attempt of the mesh is for. Those to the outside are the application's own
 * affair. One to a service came past the driver: it would go out in plaintext and without identity,
 * and where the service is permissive it would be served, past every rule for the outgoing side.
 * What enforces refuses what it did not decide (promise G1), therefore it is refused, as from a
 * client whose hook failed.
 */
final class Unsent {
  private Unsent() {}

  /**
   * What advice of an operator or a pool shall do.
   *
   * @param lacking what the connection came without, and the mesh is in
   */
  static Object connection(HookContext mesh, HttpHost host, String lacking) {
    if (HopRequest.target(mesh, host) == null) {
      return Permit.GRANTED;
    }
    return Outcome.failed(
        new IOException(
            "connection to "
                + host
                + " refused by the service mesh: it came without "
                + lacking
                + ", where the mesh is"));
  }
}
