package dev.weft.controlserver.api;

import dev.weft.controlserver.ca.WorkloadIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as far as the endpoint's role demanded to know.
 *
 * @param name for the audit log: {@code admin:ID}, a SPIFFE ID, or {@code anonymous}
 * @param identity set for {@link Role#AGENT} only
 * @param until when its certificate ends; set with {@code identity}
 * @param outdated whether its certificate is under a root that signs no more
 */
record Caller(
    String name, @Nullable WorkloadIdentity identity, @Nullable Instant until, boolean outdated) {
  static final Caller ANONYMOUS = new Caller("anonymous", null, null, false);

  WorkloadIdentity workload() {
    if (identity == null) {
      throw new IllegalStateException("an agent's endpoint was reached without an identity");
    }
    return identity;
  }

  Instant certificateEnd() {
    if (until == null) {
      throw new IllegalStateException("an agent's endpoint was reached without a certificate");
    }
    return until;
  }
}
