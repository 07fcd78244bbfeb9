package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.Bindings;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.InstanceNames;

/**
 * What the hooks of this client share: which request of the client is which attempt, and which name
 * stands for which instance. Thread-safe.
 */
final class Attempts {
  /** Internal requests made for an attempt. */
  static final Bindings<HopRequest> REQUESTS = new Bindings<>();

  /** Internal exchanges that are answered by the mesh itself. */
  static final Bindings<LocalReply> LOCAL = new Bindings<>();

  /** What the calling thread was working for, by internal multi-exchange. */
  static final Bindings<Caller> CALLERS = new Bindings<>();

  /** Which name stands for which instance. */
  static final InstanceNames NAMES = new InstanceNames();

  private Attempts() {}
}
