package dev.weft.instrumentation.httpserver;

import dev.weft.dataplane.inbound.InboundExchange;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the requests of one connection, which come one after the other. The attributes
 * of an {@code HttpExchange} would not do: they are shared by all requests of a context.
 * Thread-safe.
 */
final class Requests {
  private @Nullable Object current;
  private @Nullable InboundExchange exchange;
  private @Nullable Object heldBack;
  private boolean asking;
  private @Nullable Throwable failure;

  /** The server is at a request now; one that it knows already stays as it is. */
  synchronized void begin(Object impl) {
    if (current != impl) {
      current = impl;
      exchange = null;
      failure = null;
    }
  }

  /** Whether the gate has seen a request before. */
  synchronized boolean hasBegun(Object impl) {
    return current == impl;
  }

  synchronized void keep(InboundExchange judged) {
    exchange = judged;
  }

  synchronized @Nullable InboundExchange kept(Object impl) {
    return current == impl ? exchange : null;
  }

  /** What the application threw. */
  synchronized void failed(Object impl, Throwable thrown) {
    if (current == impl) {
      failure = thrown;
    }
  }

  /**
   * The server wants to ask for a body.
   *
   * @param task whom to ask again
   * @return whether that has to wait for the gate
   */
  synchronized boolean holdBack(Object task) {
    if (asking) {
      return false;
    }
    heldBack = task;
    return true;
  }

  /** Whether the client waits to be asked for its body. */
  synchronized boolean isHeldBack() {
    return heldBack != null;
  }

  /** The request is let in: asks for its body if its client waits for that. */
  void askForBody(Internals internals) {
    Object task;
    synchronized (this) {
      task = heldBack;
      heldBack = null;
      asking = task != null;
    }
    if (task != null) {
      try {
        internals.askForBody(task);
      } finally {
        synchronized (this) {
          asking = false;
        }
      }
    }
  }

  /** The request is answered. */
  void conclude(Object impl, int status) {
    InboundExchange over = kept(impl);
    if (over != null) {
      over.conclude(status, failure());
    }
  }

  /** The connection is closed: a request that was not answered never will be. */
  void abandon() {
    InboundExchange over;
    synchronized (this) {
      over = exchange;
      heldBack = null;
    }
    if (over != null) {
      over.conclude(500, failure());
    }
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }
}
