package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.CompiledSnapshot;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import org.jspecify.annotations.Nullable;

/** Finds the service of an authority, and keeps a call from running on a snapshot long gone. */
final class ResolveFilter implements OutboundFilter {
  private final SnapshotHolder snapshots;

  ResolveFilter(SnapshotHolder snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.RESOLVE;
  }

  /** The target, or null for PASSTHROUGH. */
  @Nullable Target resolve(String scheme, String authority) {
    CompiledService service = snapshots.current().find(scheme, authority);
    return service == null ? null : Target.of(service);
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    CompiledSnapshot current = snapshots.current();
    CompiledService latest =
        exchange.service.refusesCalls()
            ? current.find(exchange.request().scheme(), exchange.request().authority())
            : current.service(exchange.service.host());
    if (latest == null) {
      // ROUTE refuses it: OBSERVE comes in between, so that the refusal counts.
      exchange.left = true;
    } else {
      exchange.service = latest;
    }
    return Verdict.PROCEED;
  }
}
