package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.Target;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** Hands hops to the driver. Stateless. */
final class Hops {
  private Hops() {}

  /**
   * Drives a hop, unless the mesh does not know its host.
   *
   * @param abort how the application aborts the call
   * @return what advice shall answer; null when the mesh itself failed
   */
  static @Nullable Object drive(
      HookContext mesh,
      HttpHost host,
      ClassicHttpRequest request,
      HttpClientContext context,
      @Nullable CancellableDependency abort,
      Wire wire) {
    BlockingDriver driver = mesh.dataPlane().blocking();
    Target target = driver.resolve(HopRequest.schemeOf(host), HopRequest.authorityOf(host));
    if (target == null) {
      return Permit.GRANTED;
    }
    Abortable abortable = new Abortable(abort);
    HopMessage message = HopMessage.copy(request, abortable);
    HopEntity entity = message.wrapEntity();
    HopRequest hop = HopRequest.of(message, host, entity == null ? SentBody.NONE : entity);
    HopCall call = new HopCall(wire, hop, message, context, abortable);
    try {
      ClassicHttpResponse response = driver.execute(target, hop, call);
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
