package dev.weft.dataplane.inbound;

/**
 * The way of a request into the application, in order. {@code docs/request-path.md} has a row for
 * each, and a test holds page, enum and chain together.
 */
public enum InboundStage {
  /** TLS on the connection. */
  ACCEPT("container", "first, because everything after needs to know who is there"),
  /** The container's request becomes an {@link InboundRequest}. */
  ADAPT("container", "before any decision, so that filters know no container"),
  /** The caller's deadline and trace. */
  EXTRACT("InboundDriver", "before observation begins, so that it joins the caller's trace"),
  /** Span, metrics and access log open. */
  OBSERVE("InboundObserver", "before anything can refuse, so that refusals count"),
  /** Peer and mTLS mode. */
  IDENTIFY("IdentifyFilter", "before anything that a stranger could choose is judged"),
  /** What scripts of other origins may read. */
  CORS(
      "CorsFilter",
      "before CHECK and AUTHENTICATE: a browser's question whether it may ask carries no"
          + " credentials"),
  /** What somebody outside says. */
  CHECK(
      "CheckFilter",
      "before AUTHENTICATE and AUTHORIZE, as in Istio: what the authorizer adds is judged by both"),
  /** Tokens of end users. */
  AUTHENTICATE("AuthenticateFilter", "before AUTHORIZE, whose rules may ask what a token says"),
  /** Who may do what. */
  AUTHORIZE("AuthorizeFilter", "before anything is spent on it, on the paths that it will see"),
  /** How many of them. */
  LIMIT("LimitFilter", "behind AUTHORIZE: who may not come in takes no other's place"),
  /** Only for a caller that still waits. */
  DEADLINE(
      "DeadlineCheck",
      "behind all that may wait or refuse, as who may not come in hears so first; before ADMIT:"
          + " work for nobody takes no place"),
  /** No more of them at a time than it can serve. */
  ADMIT("LoadShedder", "behind all refusals: only who goes on to the application holds a place"),
  /** The application. */
  INVOKE("container", "the container's own call, only with a permit"),
  /** Span and log closed. */
  CONCLUDE("InboundExchange", "last, whatever happened, from any thread");

  private final String doneBy;
  private final String why;

  InboundStage(String doneBy, String why) {
    this.doneBy = doneBy;
    this.why = why;
  }

  /** The class of this package that does it, or {@code container} for the container's unit. */
  public String doneBy() {
    return doneBy;
  }

  /** Why it stands where it stands. */
  public String why() {
    return why;
  }
}
