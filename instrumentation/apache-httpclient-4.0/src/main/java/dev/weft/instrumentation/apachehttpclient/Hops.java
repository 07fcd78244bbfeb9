package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.Target;
import org.apache.http.HttpResponse;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Hands hops to the driver. Stateless. */
final class Hops {
  private Hops() {}

  /**
   * Drives a hop.
   *
   * @return what advice shall answer; null when the mesh itself failed
   */
  static @Nullable Outcome drive(
      HookContext mesh,
      Target target,
      Wire wire,
      HopRequest hop,
      HopBody body,
      HttpContext context) {
    BlockingDriver driver = mesh.dataPlane().blocking();
    HopCall call = new HopCall(wire, hop, body, context);
    try {
      HttpResponse response = driver.execute(target, hop, call);
      return Outcome.returned(response);
    } catch (Throwable t) {
      if (call.isNative(t)) {
        return Outcome.failed(t);
      }
      mesh.failed("call to " + hop.authority(), t);
      return null;
    }
  }
}
