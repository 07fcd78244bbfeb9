package dev.weft.dataplane.inbound;

/** The way of a request into the application, in order. */
public enum InboundStage {
  /** TLS on the connection; first, because everything after needs to know who is there. */
  ACCEPT("the container's unit"),
  /** Peer and mTLS mode; before anything is read from the request that a stranger could choose. */
  IDENTIFY("IdentifyFilter"),
  /** The container's request becomes an {@link InboundRequest}. */
  ADAPT("the container's unit"),
  /** Trace and deadline of the caller, before observation begins so that it joins them. */
  EXTRACT("InboundDriver"),
  /** Span, metrics and access log open here, so that refusals count. */
  OBSERVE("InboundObserver"),
  /** Who may do what; last before the application, on the paths that it will see. */
  AUTHORIZE("AuthorizeFilter"),
  /** The application. */
  INVOKE("the container's unit"),
  /** Span and log closed. */
  CONCLUDE("InboundExchange");

  private final String doneBy;

  InboundStage(String doneBy) {
    this.doneBy = doneBy;
  }

  /** The class that does it. */
  public String doneBy() {
    return doneBy;
  }
}
