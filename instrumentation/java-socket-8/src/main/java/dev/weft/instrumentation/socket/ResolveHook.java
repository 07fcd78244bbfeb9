package dev.weft.instrumentation.socket;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.DataPlane;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a service's virtual address where the mesh knows the name, else leaves it to DNS.
 */
public final class ResolveHook extends MeshHook {
  /** For the hook loader. */
  public ResolveHook(HookContext context) {
    super(context);
  }

  @Override
  public Object enter(
      @Nullable Object self, @Nullable Object host, @Nullable Object none, @Nullable Object more) {
    DataPlane dataPlane = context().dataPlane();
    String name = (String) host;
    if (name == null || !dataPlane.snapshots().current().knows(name)) {
      return Permit.GRANTED;
    }
    return Outcome.returned(new InetAddress[] {dataPlane.virtualAddresses().of(name)});
  }
}
