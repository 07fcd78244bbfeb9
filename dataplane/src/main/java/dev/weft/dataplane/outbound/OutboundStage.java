package dev.weft.dataplane.outbound;

/**
 * The stages of a call in their order; {@code docs/request-path.md} shows them as a table. Each
 * line says why a stage stands where it stands.
 */
public enum OutboundStage {
  INTERCEPT(Scope.LIBRARY, "outermost, so that one call of the application is one exchange"),
  ADAPT(Scope.LIBRARY, "before any decision, so that filters know no library"),
  RESOLVE(Scope.CALL, "first of ours: what the mesh does not know stays untouched"),
  OBSERVE(Scope.CALL, "before anything can refuse, so that refusals count"),
  ROUTE(Scope.CALL, "decides the destination that all later stages are about"),
  FAULT(Scope.CALL, "before admission: an injected fault must not take the place of a real call"),
  DEADLINE(Scope.CALL, "after injected delays, around the wait for a place and all attempts"),
  ADMIT(Scope.CALL, "before anything costs the destination, and no longer than the call may take"),
  RETRY(Scope.CALL, "owns the loop, so everything below happens once per attempt"),
  BALANCE(Scope.ATTEMPT, "per attempt, so that a retry goes to another endpoint"),
  BREAK(Scope.ATTEMPT, "after balancing: the breaker belongs to the endpoint picked"),
  TIMEOUT(Scope.ATTEMPT, "needs what is left of the deadline at this very attempt"),
  SECURE(Scope.ATTEMPT, "after the endpoint is known, before a byte can leave"),
  PROPAGATE(Scope.ATTEMPT, "each attempt is a span of its own and tells its own deadline"),
  SEND(Scope.LIBRARY, "the library's own call"),
  CLASSIFY(Scope.ATTEMPT, "reads the outcome once, for retry, breaker and balancer alike"),
  CONCLUDE(Scope.CALL, "last, whatever happened: gives back permits, closes span and log");

  /** Where a stage runs. */
  public enum Scope {
    /** In the adapter of the library. */
    LIBRARY,
    /** Once per call. */
    CALL,
    /** Once per attempt. */
    ATTEMPT
  }

  private final Scope scope;
  private final String why;

  OutboundStage(Scope scope, String why) {
    this.scope = scope;
    this.why = why;
  }

  /** Where the stage runs. */
  public Scope scope() {
    return scope;
  }

  /** Why the stage stands where it stands. */
  public String why() {
    return why;
  }
}
