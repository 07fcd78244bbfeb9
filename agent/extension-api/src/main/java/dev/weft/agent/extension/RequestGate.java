package dev.weft.agent.extension;

import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundDriver;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The hook of a container's gate: decides whether a request may enter the application, and keeps
 * its trace current while it is there. A request is decided on once; its asynchronous and error
 * dispatches pass on that decision. Fails closed: what cannot be judged gets no permit.
 *
 * @param <Q> what the container's method has of the request
 * @param <A> what it has of the answer; may be the same
 */
public abstract class RequestGate<Q, A> extends MeshHook {
  private final InboundDriver driver;

  /** For the subclass's constructor of the same shape. */
  protected RequestGate(HookContext context) {
    super(context);
    this.driver = context.dataPlane().inbound();
  }

  /** The exchange that {@link #keep} kept with the request; null when it is new. */
  protected abstract @Nullable InboundExchange kept(Q request);

  /** Keeps the exchange with the request until the container is done with it. */
  protected abstract void keep(Q request, InboundExchange exchange);

  /**
   * Whether the request is inside the application although no exchange is kept: it was dispatched
   * again, and had no question to answer or came before the agent did.
   */
  protected abstract boolean wasInside(Q request);

  /** The connection the request came on; null refuses it, as one whose peer is not known. */
  protected abstract @Nullable MeshConnection connection(Q request);

  /**
   * Takes the mesh's own headers out ({@link dev.weft.dataplane.inbound.MeshHeaders#isReserved}).
   *
   * @return whether there is a header that calls of the application must carry on
   */
  protected abstract boolean strip(Q request);

  /** The request as policy sees it, once its headers are stripped. */
  protected abstract InboundRequest adapt(Q request, MeshConnection connection);

  /** Writes the mesh's own answer in full; the application will not run. */
  protected abstract void refuse(LocalReply reply, Q request, A answer) throws IOException;

  /**
   * Whether this thread may be held while an authorizer is asked (AuthorizationPolicy of action
   * CUSTOM): where one thread serves many connections it may not, and that is what holds where a
   * gate says nothing.
   */
  protected boolean mayWait(Q request) {
    return false;
  }

  /**
   * Has an authorizer asked on another thread, where this one may not wait, and the request brought
   * back to the gate when it is {@link #kept}.
   *
   * @param through what the advice gave beside the request, to bring it back by
   * @return false when this container cannot do so; the request is then refused
   */
  protected boolean waitElsewhere(InboundExchange exchange, Q request, @Nullable Object through) {
    return false;
  }

  /**
   * Decides.
   *
   * @param through see {@link #waitElsewhere}
   * @return the scope in which the application works, for {@link #exit}; {@link Permit#GRANTED} for
   *     a request that nobody has a question about, or that was in the application before the agent
   *     came; an {@link Outcome} when the refusal is written; null when no decision could be made
   */
  @Override
  @SuppressWarnings("unchecked") // a cast that fails refuses
  public final @Nullable Object enter(
      @Nullable Object through,
      @Nullable Object request,
      @Nullable Object answer,
      @Nullable Object c) {
    if (request == null || answer == null) {
      return null;
    }
    try {
      return decide((Q) request, (A) answer, through);
    } catch (Throwable t) {
      context().failed("refused a request that could not be judged", t);
      return null;
    }
  }

  private @Nullable Object decide(Q request, A answer, @Nullable Object through)
      throws IOException {
    InboundExchange passed = kept(request);
    if (passed != null) {
      return passed.makeCurrent();
    }
    if (wasInside(request)) {
      return Permit.GRANTED;
    }
    MeshConnection connection = connection(request);
    if (connection == null) {
      return null;
    }
    if (!strip(request) && driver.isIndifferent()) {
      return Permit.GRANTED;
    }
    InboundExchange exchange = driver.begin(adapt(request, connection));
    try {
      return let(exchange, request, answer, through);
    } catch (Throwable t) {
      // The application will not run, so nothing else ends it and gives back what it holds.
      exchange.conclude(500, t);
      throw t;
    }
  }

  private Object let(InboundExchange exchange, Q request, A answer, @Nullable Object through)
      throws IOException {
    if (exchange.isWaiting()) {
      if (mayWait(request)) {
        exchange.ask();
      } else if (waitElsewhere(exchange, request, through)) {
        return Outcome.returned(null);
      }
    }
    keep(request, exchange);
    LocalReply refusal = exchange.rejection();
    if (refusal != null) {
      refuse(refusal, request, answer);
      return Outcome.returned(null);
    }
    return exchange.makeCurrent();
  }

  /** Ends the scope that {@link #enter} opened. */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (entered instanceof InboundExchange.Scope) {
      ((InboundExchange.Scope) entered).close();
    }
    return result;
  }
}
