package dev.weft.policy.resource;

import java.util.Collections;
import java.util.Map;

/** What a WorkloadEntry says: a place where services answer. Immutable. */
public final class WorkloadEntrySpec {
  /** Labels that ServiceEntries choose it by, and subsets. */
  public final Map<String, String> labels;

  private final SpecFields fields;

  private WorkloadEntrySpec(SpecFields fields) {
    this.labels = Collections.unmodifiableMap(fields.textMap("labels"));
    this.fields = fields;
  }

  static WorkloadEntrySpec of(SpecFields spec) {
    return new WorkloadEntrySpec(spec);
  }

  /** Returns it as an endpoint for a port of a service. */
  public ServiceEntrySpec.StaticEndpoint endpoint(ServiceEntrySpec.Port port) {
    return new ServiceEntrySpec.StaticEndpoint(fields, port);
  }
}
