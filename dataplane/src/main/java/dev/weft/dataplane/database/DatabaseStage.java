package dev.weft.dataplane.database;

/**
 * The stages of a connect and of a statement in their order; {@code docs/request-path.md} shows
 * them as a table. Each line says why a stage stands where it stands.
 */
public enum DatabaseStage {
  INTERCEPT(
      Scope.LIBRARY,
      Scope.LIBRARY,
      "outermost, so that one call of the application is one exchange, whatever pool or driver is"
          + " below"),
  ADAPT(Scope.LIBRARY, Scope.LIBRARY, "before any decision, so that filters know no JDBC"),
  OBSERVE(Scope.CALL, Scope.CALL, "before anything can refuse, so that refusals count"),
  GUARD(Scope.NONE, Scope.CALL, "before a place is taken: what may never run takes none"),
  ADMIT(Scope.CALL, Scope.CALL, "before the database is asked anything"),
  DEADLINE(
      Scope.CALL, Scope.CALL, "after the wait for a place, which costs part of the time there is"),
  RETRY(
      Scope.CALL,
      Scope.NONE,
      "owns the loop, so everything below happens once per attempt; a statement has none"),
  BALANCE(Scope.ATTEMPT, Scope.NONE, "per attempt, so that a retry goes to another host"),
  BREAK(
      Scope.ATTEMPT,
      Scope.CALL,
      "last that may refuse for the database's sake: a permission taken is a call made"),
  TIMEOUT(Scope.ATTEMPT, Scope.CALL, "needs what is left of the deadline at this very attempt"),
  SECURE(Scope.ATTEMPT, Scope.NONE, "after the host is known, before a byte can leave"),
  SEND(Scope.LIBRARY, Scope.LIBRARY, "the driver's own call; for a statement at most once"),
  CLASSIFY(
      Scope.ATTEMPT, Scope.CALL, "reads the outcome once, for retry, breaker and balancer alike"),
  CONCLUDE(Scope.CALL, Scope.CALL, "last, whatever happened: gives back places, closes the span");

  /** Where a stage runs. */
  public enum Scope {
    /** Not at all. */
    NONE,
    /** In the adapter of the library. */
    LIBRARY,
    /** Once per call. */
    CALL,
    /** Once per attempt. */
    ATTEMPT
  }

  private final Scope connect;
  private final Scope statement;
  private final String why;

  DatabaseStage(Scope connect, Scope statement, String why) {
    this.connect = connect;
    this.statement = statement;
    this.why = why;
  }

  /** Where the stage runs when a connection is opened. */
  public Scope connect() {
    return connect;
  }

  /** Where the stage runs when a statement is executed. */
  public Scope statement() {
    return statement;
  }

  /** Why the stage stands where it stands. */
  public String why() {
    return why;
  }
}
