package dev.weft.instrumentation.nettyclient;

import dev.weft.dataplane.outbound.Attempt;

/**
 * Pooled connections that the server had closed meanwhile, as one hop meets them: the library
 * itself would try the next one. Each turn uses one up, so this ends with a new connection. For the
 * event loop of the hop's connection.
 */
public final class StaleConnections {
  /** What one hop puts up with. */
  private static final int MOST = 20;

  private int met;

  /**
   * Whether an attempt that failed before there was a response goes on with another connection,
   * which is no second attempt.
   *
   * @param fresh whether its connection was made for it
   * @param broken whether the failure is that of a connection
   */
  public boolean mayGoOn(Attempt attempt, HeadEdits request, boolean fresh, boolean broken) {
    return !fresh
        && broken
        && !attempt.expired()
        && request.replayable()
        && (request.idempotent() || request.written() == null)
        && met++ < MOST;
  }
}
