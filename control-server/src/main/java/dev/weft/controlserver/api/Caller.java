package dev.weft.controlserver.api;

import dev.weft.controlserver.ca.WorkloadIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as far as the endpoint's role demanded to know.
 *
 * @param name for the audit log: {@code admin:ID}, a SPIFFE ID, or {@code anonymous}
 * @param identity set for {@link Role#AGENT} only
 */
record Caller(String name, @Nullable WorkloadIdentity identity) {
  static final Caller ANONYMOUS = new Caller("anonymous", null);

  WorkloadIdentity workload() {
    if (identity == null) {
      throw new IllegalStateException("an agent's endpoint was reached without an identity");
    }
    return identity;
  }
}
